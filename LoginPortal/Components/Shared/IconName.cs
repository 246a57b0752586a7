namespace LoginPortal.Components.Shared;

/// <summary>The pictures of <see cref="Icon"/>, drawn in the page: there is nothing to download.</summary>
public enum IconName
{
    /// <summary>A warning triangle.</summary>
    Alert,

    /// <summary>A tick.</summary>
    Check,

    /// <summary>A dot.</summary>
    Dot,

    /// <summary>An i in a circle.</summary>
    Info,

    /// <summary>A person.</summary>
    Person,

    /// <summary>An eye.</summary>
    Eye,

    /// <summary>A person with a key.</summary>
    Passkey,
}
