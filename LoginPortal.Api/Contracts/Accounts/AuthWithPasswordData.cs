namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>Either answer to a password, for the document alone: <see cref="AuthResponse"/> or <see cref="MfaRequiredResponse"/>.</summary>
internal sealed record AuthWithPasswordData;
