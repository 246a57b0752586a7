using LoginPortal.Core.Data;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>What may be shown of a flow: beyond its own row, what its state needs of the person.</summary>
internal sealed class SignInViews(PortalDbContext database, SecondFactors secondFactors, TotpEnrolments enrolments, TimeProvider time)
{
    public async Task<SignInView> CreateAsync(FlowRecord flow, TenantProfile tenant, CancellationToken cancellationToken)
    {
        var view = flow.ToView();
        if (flow.State == SignInState.RegistrationSent)
        {
            return view with
            {
                VerificationSentAt = flow.MailRequestedAt,
                IsAddressVerified = await database.Users.AnyAsync(user => user.RegistrationFlowId == flow.Id && user.EmailConfirmed, cancellationToken),
            };
        }

        if (flow.State == SignInState.Password && tenant.Policy.EmailCodeSignIn)
        {
            return view with { EmailCodeSentAt = await EmailCodeSentAtAsync(flow, cancellationToken) };
        }

        if (flow.State is not (SignInState.EmailVerification or SignInState.SecondFactor or SignInState.SecondFactorEnrolment)
            || await database.Users.SingleOrDefaultAsync(user => user.Id == flow.UserId, cancellationToken) is not { } user)
        {
            return view;
        }

        if (flow.State == SignInState.EmailVerification)
        {
            return view with
            {
                VerificationSentAt = await AddressVerification.SentAtAsync(database, user.Id, cancellationToken),
                IsAddressVerified = user.EmailConfirmed,
            };
        }

        if (flow.State == SignInState.SecondFactorEnrolment)
        {
            var policy = tenant.Policy;
            return view with
            {
                Enrolment = await enrolments.ShowPendingAsync(user, cancellationToken),
                PostponableUntil = policy.RequiresSecondFactorAt(time.GetUtcNow()) ? null : policy.SecondFactorRequiredFrom,
            };
        }

        var usable = (await secondFactors.OfAsync(user, tenant.Policy, flow.AuthenticationMethods, cancellationToken)).Usable;
        return view with
        {
            SecondFactors = usable,
            EmailCodeSentAt = await EmailCodeSentAtAsync(flow, cancellationToken),
            PreferredSecondFactor = user.LastSecondFactor is { } last && usable.Contains(last) ? last : usable.Cast<SecondFactorMethod?>().FirstOrDefault(),
        };
    }

    private Task<DateTimeOffset?> EmailCodeSentAtAsync(FlowRecord flow, CancellationToken cancellationToken) => database.EmailCodes
        .Where(code => code.FlowId == flow.Id)
        .Select(code => (DateTimeOffset?)code.SentAt)
        .SingleOrDefaultAsync(cancellationToken);
}
