using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.AccountRequests;

/// <summary>Answers one kind of wish, in the transaction that deletes it.</summary>
internal interface IAccountRequestAnswer
{
    /// <summary>The kind that it answers.</summary>
    AccountRequestKind Kind { get; }

    /// <summary>Changes what is to be changed and puts a mail into the outbox, where there is somebody to mail to. The caller saves.</summary>
    /// <param name="database">The caller's context, in its transaction and in the request's tenant.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="request">The wish.</param>
    /// <param name="cancellationToken">Gives up; the wish stays for the next turn.</param>
    Task AnswerAsync(PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken);
}
