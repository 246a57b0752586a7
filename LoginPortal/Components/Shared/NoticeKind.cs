namespace LoginPortal.Components.Shared;

/// <summary>What a <see cref="Notice"/> tells of.</summary>
public enum NoticeKind
{
    /// <summary>Something worth knowing.</summary>
    Information,

    /// <summary>Something that has been done.</summary>
    Success,

    /// <summary>Something that is wrong, and what to do.</summary>
    Problem,
}
