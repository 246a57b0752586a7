using System.ComponentModel.DataAnnotations;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The error shape of the contract and of everything that belongs to no contract.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorEnvelope(ErrorEnvelope.Body Error)
{
    /// <summary>What went wrong.</summary>
    /// <param name="Code">A stable code for programs.</param>
    /// <param name="Message">Words for people.</param>
    /// <param name="RequestId">The request, as in <c>X-Request-Id</c>.</param>
    internal sealed record Body(string Code, string Message, string RequestId);
}

/// <summary>The shape for malformed requests.</summary>
/// <param name="Detail">One entry for each thing that is wrong.</param>
internal sealed record HTTPValidationError(IReadOnlyList<ValidationError>? Detail);

/// <summary>Something that is wrong with a request.</summary>
/// <param name="Loc">Where: <c>body</c> or <c>query</c>, then the field.</param>
/// <param name="Msg">Words for people.</param>
/// <param name="Type">A stable code for programs.</param>
internal sealed record ValidationError(
    [property: Required] IReadOnlyList<string> Loc, [property: Required] string Msg, [property: Required] string Type);
