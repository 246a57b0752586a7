namespace LoginPortal.Core.SignIn;

/// <summary>What the steps of a sign-in amount to: the <c>acr</c> of a session, computed from its methods alone.</summary>
public static class Assurance
{
    /// <summary>One factor.</summary>
    public const string SingleFactor = "urn:loginportal:acr:single-factor";

    /// <summary>Two different factors, or one that is two in itself.</summary>
    public const string MultiFactor = "urn:loginportal:acr:multi-factor";

    /// <summary>What <paramref name="methods"/> amount to.</summary>
    public static string Of(IReadOnlyCollection<string> methods) =>
        methods.Contains(AuthenticationMethod.MultiFactor) ? MultiFactor : SingleFactor;
}

/// <summary>How somebody proved who they are: the <c>amr</c> values of RFC 8176 that the portal uses.</summary>
public static class AuthenticationMethod
{
    /// <summary>A password.</summary>
    public const string Password = "pwd";

    /// <summary>A one-time code, of an app, from an e-mail, or a recovery code.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>A key that stays in the device that made it.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>A key that its owner can copy to other devices.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>The person was there and touched the device.</summary>
    public const string UserPresence = "user";

    /// <summary>More than one factor.</summary>
    public const string MultiFactor = "mfa";
}
