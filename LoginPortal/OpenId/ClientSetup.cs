using LoginPortal.Core.OpenId;

namespace LoginPortal.OpenId;

/// <summary>Ready configuration for an application, with its real values. A secret is never among them: the portal does not know it.</summary>
internal static class ClientSetup
{
    /// <summary>What fits the kind of the application.</summary>
    public static IEnumerable<ClientSetupSample> For(ClientDetails client) => client.Draft.Kind switch
    {
        OpenIdClientKind.Web => [new("aspnetcore", "ASP.NET Core", AspNetCore(client)), new("node", "Node", Node(client)), new("curl", "curl", CurlUser(client))],
        OpenIdClientKind.SinglePage => [new("spa", "oidc-client-ts", SinglePage(client)), new("curl", "curl", CurlUser(client))],
        OpenIdClientKind.Native => [new("node", "Node", Node(client)), new("curl", "curl", CurlUser(client))],
        _ => [new("curl", "curl", CurlService(client)), new("node", "Node", NodeService(client))],
    };

    private static string Scopes(ClientDetails client) => string.Join(' ', client.Draft.Scopes);

    private static string FirstAddress(ClientDetails client) => client.Draft.RedirectUris.Count > 0 ? client.Draft.RedirectUris[0] : "";

    private static string AspNetCore(ClientDetails client) => $$"""
        builder.Services
            .AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie()
            .AddOpenIdConnect(options =>
            {
                options.Authority = "{{client.Issuer}}";
                options.ClientId = "{{client.ClientId}}";
                options.ClientSecret = builder.Configuration["LoginPortal:ClientSecret"];
                options.CallbackPath = "{{(Uri.TryCreate(FirstAddress(client), UriKind.Absolute, out var uri) ? uri.AbsolutePath : "/signin-oidc")}}";
                options.ResponseType = "code";
                options.ResponseMode = "query";
                options.Scope.Clear();
        {{string.Join('\n', client.Draft.Scopes.Select(scope => $"        options.Scope.Add(\"{scope}\");"))}}
                options.MapInboundClaims = false;
                options.GetClaimsFromUserInfoEndpoint = true;
                options.SaveTokens = true;
            });
        """;

    private static string Node(ClientDetails client) => $$"""
        import * as client from 'openid-client';

        const config = await client.discovery(
          new URL('{{client.Issuer}}'), '{{client.ClientId}}'{{(client.Draft.Authentication == ClientAuthenticationKind.None
            ? ", undefined, client.None()"
            : ", process.env.LOGINPORTAL_CLIENT_SECRET")}});
        const verifier = client.randomPKCECodeVerifier();
        const state = client.randomState();
        const address = client.buildAuthorizationUrl(config, {
          redirect_uri: '{{FirstAddress(client)}}',
          scope: '{{Scopes(client)}}',
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
        });

        // Send the browser to address; when it is back at the redirect_uri:
        const tokens = await client.authorizationCodeGrant(config, currentUrl, { pkceCodeVerifier: verifier, expectedState: state });
        """;

    private static string SinglePage(ClientDetails client) => $$"""
        import { UserManager } from 'oidc-client-ts';

        const manager = new UserManager({
          authority: '{{client.Issuer}}',
          client_id: '{{client.ClientId}}',
          redirect_uri: '{{FirstAddress(client)}}',
          post_logout_redirect_uri: '{{(client.Draft.PostLogoutRedirectUris.Count > 0 ? client.Draft.PostLogoutRedirectUris[0] : FirstAddress(client))}}',
          scope: '{{Scopes(client)}}',
        });

        await manager.signinRedirect();                // to sign in
        const user = await manager.signinCallback();   // back at the redirect_uri
        """;

    private static string CurlUser(ClientDetails client) => $$"""
        verifier=$(openssl rand -base64 60 | tr -d '\n' | tr '/+' '_-' | cut -c1-64)
        challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64 | tr '/+' '_-' | tr -d '=')

        # Open this in a browser, and take the code from the address that it ends at:
        echo "{{client.Issuer}}/connect/authorize?client_id={{client.ClientId}}&response_type=code&scope={{Uri.EscapeDataString(Scopes(client))}}&redirect_uri={{Uri.EscapeDataString(FirstAddress(client))}}&code_challenge=$challenge&code_challenge_method=S256"

        curl {{client.Issuer}}/connect/token \
          {{(client.Draft.Authentication == ClientAuthenticationKind.None ? $"-d client_id={client.ClientId}" : $"-u \"{client.ClientId}:$SECRET\"")}} \
          -d grant_type=authorization_code -d "code=$CODE" -d "code_verifier=$verifier" \
          -d redirect_uri={{Uri.EscapeDataString(FirstAddress(client))}}
        """;

    private static string CurlService(ClientDetails client) => $$"""
        curl {{client.Issuer}}/connect/token \
          -u "{{client.ClientId}}:$SECRET" \
          -d grant_type=client_credentials{{(client.Draft.Scopes.Count > 0 ? $" -d \"scope={Scopes(client)}\"" : "")}}
        """;

    private static string NodeService(ClientDetails client) => $$"""
        import * as client from 'openid-client';

        const config = await client.discovery(
          new URL('{{client.Issuer}}'), '{{client.ClientId}}', process.env.LOGINPORTAL_CLIENT_SECRET);
        const tokens = await client.clientCredentialsGrant(config, { scope: '{{Scopes(client)}}' });
        """;
}

/// <summary>Configuration for one way of building applications.</summary>
/// <param name="Id">An identifier.</param>
/// <param name="Name">What the way is called.</param>
/// <param name="Code">The configuration.</param>
internal sealed record ClientSetupSample(string Id, string Name, string Code);
