namespace LoginPortal.Api.Tests.Behaviour;

/// <summary>What a contract asks a passkey with.</summary>
/// <param name="Id">What is given back beside the answer, where the contract has a place for it.</param>
/// <param name="Options">The options, as JSON.</param>
public sealed record Challenge(string Id, string Options);
