using System.ComponentModel.DataAnnotations;
using LoginPortal.Api.Contracts.Accounts;
using LoginPortal.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LoginPortal.Api.OpenApi;

/// <summary>One OpenAPI document a contract, written from its endpoints and records.</summary>
internal static class ContractDocuments
{
    private const string Address = "/openapi/{documentName}.json";
    private const string BearerScheme = "bearerAuth";
    private const string ApiKeyScheme = "apiKeyAuth";

    public static IServiceCollection AddContractDocuments(this IServiceCollection services)
    {
        foreach (var contract in ApiContract.All)
        {
            services.AddOpenApi(contract.Name, options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
                options.AddDocumentTransformer((document, _, _) => DescribeAsync(document, contract));
                options.AddOperationTransformer(DescribeOperationAsync);
                options.AddSchemaTransformer(DescribeSchemaAsync);
            });
        }

        return services;
    }

    /// <summary>The documents themselves, and in Development a page to try them on.</summary>
    public static void UseContractDocuments(this WebApplication app)
    {
        app.MapOpenApi(Address);
        if (app.Environment.IsDevelopment())
        {
            app.UseSwaggerUI(page =>
            {
                page.RoutePrefix = "docs";
                foreach (var contract in ApiContract.All)
                {
                    page.SwaggerEndpoint($"/openapi/{contract.Name}.json", contract.Title);
                }
            });
        }
    }

    private static Task DescribeAsync(OpenApiDocument document, ApiContract contract)
    {
        document.Info = new OpenApiInfo { Title = $"LoginPortal {contract.Title}", Version = "1.0.0" };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            [ApiKeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
        };
        return Task.CompletedTask;
    }

    private static Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Security = metadata.OfType<NeedsBearerAttribute>().Any()
            ?
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyScheme, context.Document)] = [] },
            ]
            : [];
        var required = metadata.OfType<RequiredQueryAttribute>().SelectMany(attribute => attribute.Names).ToHashSet(StringComparer.Ordinal);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Required |= required.Contains(parameter.Name ?? "");
        }

        AddQueryParameters(operation, metadata.OfType<QueryAttribute>().SelectMany(attribute => attribute.Names));
        AddPathParameters(operation, context.Description.RelativePath ?? "");
        ContractExamples.AddTo(operation, context.Description.RelativePath ?? "");
        return Task.CompletedTask;
    }

    private static void AddQueryParameters(OpenApiOperation operation, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    /// <summary>A filter reads the tenant from the path, so no handler tells of it.</summary>
    private static void AddPathParameters(OpenApiOperation operation, string path)
    {
        operation.Parameters ??= [];
        foreach (var segment in path.Split('/').Where(segment => segment.StartsWith('{')))
        {
            var name = segment.Trim('{', '}');
            if (operation.Parameters.All(parameter => parameter.Name != name))
            {
                operation.Parameters.Insert(0, new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }
        }
    }

    private static async Task DescribeSchemaAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(AuthWithPasswordData))
        {
            schema.Type = null;
            schema.OneOf =
            [
                await context.GetOrCreateSchemaAsync(typeof(AuthResponse), null, cancellationToken),
                await context.GetOrCreateSchemaAsync(typeof(MfaRequiredResponse), null, cancellationToken),
            ];
        }

        if (context.JsonPropertyInfo is { AttributeProvider: { } attributes }
            && attributes.GetCustomAttributes(typeof(FormatAttribute), inherit: true) is [FormatAttribute { Name: var format }, ..])
        {
            schema.Format = format;
        }

        if (schema.Properties is { } properties)
        {
            var required = context.JsonTypeInfo.Properties
                .Where(property => property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) is true)
                .Select(property => property.Name)
                .ToHashSet(StringComparer.Ordinal);
            schema.Required = required;
            foreach (var name in required)
            {
                if (properties.TryGetValue(name, out var property) && property is OpenApiSchema { Type: { } type } own)
                {
                    own.Type = type & ~JsonSchemaType.Null;
                }
            }
        }
    }
}

/// <summary>Names the query parameters that an endpoint reads by itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class QueryAttribute(params string[] names) : Attribute
{
    /// <summary>The parameters.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>Names the query parameters that an endpoint cannot do without; it says itself which are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiredQueryAttribute(params string[] names) : Attribute
{
    /// <summary>The parameters.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
