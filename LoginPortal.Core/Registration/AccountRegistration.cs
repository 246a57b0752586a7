using System.Text.Json;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Captcha;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Throttling;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Registration;

/// <summary>
/// Opening an account oneself. It is the same work and the same answer for every address; whether there is an account already is looked up
/// afterwards, and told to its owner by mail alone. Each call works in a scope of its own, because a circuit lives longer than a database context may.
/// </summary>
public sealed class AccountRegistration(
    IServiceScopeFactory scopes,
    RegistrationRules rules,
    PasswordHashing hashing,
    IEnumerable<ICaptchaVerifier> captchas,
    IDataProtectionProvider protection,
    TimeProvider time)
{
    /// <summary>How many accounts can be opened from one network in an hour.</summary>
    public const int RegistrationsAnHour = 20;

    /// <summary>And how many of them from browsers that run no script, which the proof of work cannot be asked of.</summary>
    public const int UnprovedRegistrationsAnHour = 3;

    /// <summary>How long an account may wait for its address to be confirmed; then it is deleted.</summary>
    public static readonly TimeSpan UnconfirmedLifetime = TimeSpan.FromDays(7);

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Registration.Content.v1");

    /// <summary>What the page hands to the browser to prove that it is no machine; <see langword="null"/> if nothing is asked.</summary>
    public string? CreateChallenge(TenantProfile tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return VerifierOf(tenant)?.CreateChallenge(tenant.Id);
    }

    /// <summary>Takes the wish for an account, and starts the flow that goes on once its address is confirmed.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="returnUrl">Where the person was going; what <see cref="ReturnUrl.Check"/> refuses is dropped.</param>
    /// <param name="form">What was given.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; nothing has been stored then.</param>
    public async Task<RegistrationResult> RegisterAsync(
        Guid tenantId, string bindingHash, string? returnUrl, RegistrationForm form, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(facts);
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { Policy.Registration.IsOpen: true } tenant)
        {
            return new RegistrationResult.Closed();
        }

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        if (rules.Check(form, tenant, invitedAddress: null) is { } refused)
        {
            return refused;
        }

        if (await CheckMachineAsync(database, tenant, form, facts, cancellationToken) is { } machine)
        {
            return machine;
        }

        if (!PasswordText.TryNormalize(form.Password, out var normalized)
            || await hashing.HashAsync(normalized, cancellationToken) is not { } hash)
        {
            return new RegistrationResult.Busy();
        }

        return new RegistrationResult.MailSent(await StoreAsync(database, tenant, bindingHash, returnUrl, form, hash, facts, cancellationToken));
    }

    /// <summary>
    /// Asks for another mail about an account that was opened and not confirmed, for clients that have no flow to ask in. Whether there is one
    /// is looked up afterwards.
    /// </summary>
    /// <returns>How long to wait, if too many were asked for from this network within an hour; else <see langword="null"/>.</returns>
    public async Task<TimeSpan?> ResendAsync(Guid tenantId, string address, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(facts);
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return null;
        }

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var now = time.GetUtcNow();
        if (await NetworkAllowances.TryTakeAsync(
            database, tenant.Id, NetworkPurpose.RegistrationMail, facts.IpAddress, RegistrationsAnHour, now, cancellationToken) is { } wait)
        {
            return wait;
        }

        database.AccountRequests.Add(new AccountRequest
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            Kind = AccountRequestKind.Registration,
            Address = address.Trim(),
            Language = facts.Language,
            IpAddress = facts.IpAddress,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
        return null;
    }

    /// <summary>What a stored wish asks for.</summary>
    internal RegistrationContent Read(AccountRequest request) =>
        JsonSerializer.Deserialize<RegistrationContent>(_protector.Unprotect(request.ProtectedContent!))!;

    private ICaptchaVerifier? VerifierOf(TenantProfile tenant) =>
        captchas.SingleOrDefault(verifier => verifier.Kind == tenant.Policy.Registration.Captcha);

    private async Task<RegistrationResult?> CheckMachineAsync(
        PortalDbContext database, TenantProfile tenant, RegistrationForm form, RequestFacts facts, CancellationToken cancellationToken)
    {
        var verifier = VerifierOf(tenant);
        var isProved = verifier is null || !string.IsNullOrEmpty(form.CaptchaResponse);
        if (!isProved && (form.MustProve || verifier!.Kind != CaptchaKind.ProofOfWork))
        {
            return new RegistrationResult.CaptchaFailed();
        }

        var (purpose, maximum) = isProved
            ? (NetworkPurpose.Registration, RegistrationsAnHour)
            : (NetworkPurpose.UnprovedRegistration, UnprovedRegistrationsAnHour);
        if (await NetworkAllowances.TryTakeAsync(database, tenant.Id, purpose, facts.IpAddress, maximum, time.GetUtcNow(), cancellationToken) is { } wait)
        {
            return new RegistrationResult.Throttled(wait);
        }

        return verifier is null || !isProved
            ? null
            : await verifier.VerifyAsync(tenant.Id, form.CaptchaResponse!, facts.IpAddress, cancellationToken) switch
            {
                CaptchaVerdict.Right => null,
                CaptchaVerdict.Unknown => new RegistrationResult.Busy(),
                _ => new RegistrationResult.CaptchaFailed(),
            };
    }

    private async Task<Guid> StoreAsync(
        PortalDbContext database,
        TenantProfile tenant,
        string bindingHash,
        string? returnUrl,
        RegistrationForm form,
        string hash,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var address = form.Address!.Trim();
        var flow = new FlowRecord
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            BindingHash = bindingHash,
            State = SignInState.RegistrationSent,
            Identifier = address,
            ReturnUrl = ReturnUrl.Check(returnUrl),
            MailRequestedAt = now,
            CreatedAt = now,
            ExpiresAt = now + SignInFlow.Lifetime,
        };
        database.Flows.Add(flow);
        database.AccountRequests.Add(new AccountRequest
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            Kind = AccountRequestKind.Registration,
            Address = address,
            FlowId = flow.Id,
            ProtectedContent = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(RegistrationContent.Of(form, tenant.Policy, hash))),
            Language = facts.Language,
            IpAddress = facts.IpAddress,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
        return flow.Id;
    }
}
