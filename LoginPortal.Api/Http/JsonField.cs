using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace LoginPortal.Api.Http;

/// <summary>A field of a body, with what its attributes say: to ask a property for them takes longer than to read its value.</summary>
/// <param name="Name">As it stands in the body.</param>
/// <param name="Type">What the value becomes, without the question mark of one that may be left out.</param>
/// <param name="Set">Gives it to the record.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="IsEmail">Whether it must be an e-mail address.</param>
/// <param name="IsAnyJson">Whether it may be JSON of any kind.</param>
internal sealed record JsonField(string Name, Type Type, Action<object, object?> Set, bool IsRequired, bool IsEmail, bool IsAnyJson)
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, JsonField[]> Known = [];

    /// <summary>The fields of a record.</summary>
    public static IReadOnlyList<JsonField> Of(JsonTypeInfo type) => Known.GetValue(type, static type => [.. type.Properties.Select(Describe)]);

    private static JsonField Describe(JsonPropertyInfo property)
    {
        var attributes = property.AttributeProvider!;
        return new JsonField(
            property.Name,
            Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType,
            property.Set!,
            IsRequired: attributes.IsDefined(typeof(RequiredAttribute), inherit: true),
            IsEmail: attributes.GetCustomAttributes(typeof(FormatAttribute), inherit: true) is [FormatAttribute { Name: "email" }, ..],
            IsAnyJson: attributes.IsDefined(typeof(AnyJsonAttribute), inherit: true));
    }
}
