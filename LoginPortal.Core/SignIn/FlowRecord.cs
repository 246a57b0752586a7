namespace LoginPortal.Core.SignIn;

/// <summary>A sign-in under way.</summary>
public sealed class FlowRecord
{
    /// <summary>Version-7 identifier; stands in the page's address.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it is for.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>SHA-256 of the binding cookie of the browser that started it.</summary>
    public required string BindingHash { get; init; }

    /// <summary>Where it stands.</summary>
    public SignInState State { get; set; }

    /// <summary>The address that was typed.</summary>
    public string? Identifier { get; set; }

    /// <summary>The person who has proved who they are; <see langword="null"/> before that.</summary>
    public Guid? UserId { get; set; }

    /// <summary>How they proved it, values of RFC 8176.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; set; } = [];

    /// <summary>Whether the session should outlive the browser.</summary>
    public bool Remember { get; set; }

    /// <summary>Whether the person was asked to prove anew who they are, so that no trusted device stands in for the second factor.</summary>
    public bool IsStepUp { get; set; }

    /// <summary>Whether this browser stood in for the second factor.</summary>
    public bool SecondFactorExempt { get; set; }

    /// <summary>Whether this browser shall stand in for the second factor from now on.</summary>
    public bool TrustDevice { get; set; }

    /// <summary>Where the person was going, checked by <see cref="SignIn.ReturnUrl"/>.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Why the last step was refused.</summary>
    public RejectionCode? Rejection { get; set; }

    /// <summary>Which step was refused; <see langword="null"/> if none was.</summary>
    public SignInStep? RejectedStep { get; set; }

    /// <summary>When the next try is accepted, UTC.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>When a mail was last asked for whose sending is not told here, UTC; <see langword="null"/> if none was.</summary>
    public DateTimeOffset? MailRequestedAt { get; set; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it can no longer be continued, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Rises with each change, so that of two steps at the same time only one counts.</summary>
    public int Version { get; set; }

    /// <summary>What may be shown of it.</summary>
    public SignInView ToView() => new(Id, State, Identifier, Rejection, RetryAt, ReturnUrl) { Remember = Remember, RejectedStep = RejectedStep };
}

/// <summary>Names a flow and proves that it is this browser's.</summary>
/// <param name="Id">The flow.</param>
/// <param name="BindingHash">SHA-256 of the browser's binding cookie.</param>
public sealed record FlowReference(Guid Id, string BindingHash);
