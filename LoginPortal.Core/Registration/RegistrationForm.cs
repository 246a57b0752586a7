using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.Registration;

/// <summary>What a person gave to open an account.</summary>
public sealed record RegistrationForm
{
    /// <summary>The address; ignored where an invitation names it.</summary>
    public string? Address { get; init; }

    /// <summary>The password as typed.</summary>
    public string? Password { get; init; }

    /// <summary>Given name.</summary>
    public string? GivenName { get; init; }

    /// <summary>Family name.</summary>
    public string? FamilyName { get; init; }

    /// <summary>The values of the tenant's custom fields, by their keys, and what a client wants kept beside them.</summary>
    public IReadOnlyDictionary<string, string?> CustomFields { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Whether the terms of use were accepted.</summary>
    public bool AcceptsTerms { get; init; }

    /// <summary>What the browser brought as proof of not being a machine; see <see cref="Tenants.CaptchaKind"/>.</summary>
    public string? CaptchaResponse { get; init; }

    /// <summary>
    /// Whether the proof must be brought, where the tenant asks for one. Default <see langword="false"/>: a browser that runs no script may go
    /// without, more rarely. A program has no such excuse.
    /// </summary>
    public bool MustProve { get; init; }

    /// <summary>Without its content: records print themselves into logs.</summary>
    public override string ToString() => nameof(RegistrationForm);
}

/// <summary>Something that is wrong with a form.</summary>
/// <param name="Field">The field: <c>username</c>, <c>given-name</c>, <c>family-name</c>, <c>terms</c>, or <c>field-</c> and the key of a custom one, or <c>field-</c> alone for all of them.</param>
/// <param name="Kind">What is wrong.</param>
public sealed record FieldProblem(string Field, FieldProblemKind Kind);

/// <summary>What can be wrong with a field.</summary>
public enum FieldProblemKind
{
    /// <summary>It must be filled in, ticked or chosen.</summary>
    Missing = 0,

    /// <summary>It is too long, or has characters that cannot be shown.</summary>
    Invalid = 1,

    /// <summary>It cannot be an e-mail address.</summary>
    AddressMalformed = 2,

    /// <summary>Addresses of this domain cannot open an account here.</summary>
    DomainNotAllowed = 3,
}

/// <summary>What became of opening an account. A closed family.</summary>
public abstract record RegistrationResult
{
    private RegistrationResult()
    {
    }

    /// <summary>
    /// It goes on in the mailbox. This is said for every address, with an account or without.
    /// </summary>
    /// <param name="FlowId">The flow that waits for it.</param>
    public sealed record MailSent(Guid FlowId) : RegistrationResult;

    /// <summary>The account is there, by an invitation.</summary>
    public sealed record Done : RegistrationResult;

    /// <summary>Something is wrong with what was given. Nothing was stored.</summary>
    /// <param name="Fields">What is wrong with which field.</param>
    /// <param name="Password">What is wrong with the password.</param>
    public sealed record Refused(IReadOnlyList<FieldProblem> Fields, IReadOnlyList<PasswordProblem> Password) : RegistrationResult;

    /// <summary>The proof of not being a machine is missing, wrong, or has been used.</summary>
    public sealed record CaptchaFailed : RegistrationResult;

    /// <summary>Too many accounts were opened from this network within an hour.</summary>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(TimeSpan RetryAfter) : RegistrationResult;

    /// <summary>The portal has more to do than it can: the same try works in a moment.</summary>
    public sealed record Busy : RegistrationResult;

    /// <summary>The tenant does not let people open accounts, or the invitation does not work any longer.</summary>
    public sealed record Closed : RegistrationResult;
}
