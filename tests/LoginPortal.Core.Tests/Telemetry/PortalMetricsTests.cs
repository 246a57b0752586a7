using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Telemetry;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Telemetry;

public sealed class PortalMetricsTests() : SignInTestBase(DatabaseProvider.Sqlite)
{
    private readonly ConcurrentQueue<Measured> _measured = [];
    private readonly MeterListener _listener = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var meter = Host.Services.GetRequiredService<PortalMetrics>().Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other tests of this process have portals of their own.
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public override ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task SignIns_AreCountedByTenantMethodAndOutcome()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);

        await NewBrowser().SignInAsync(Address, WrongPassword);
        await NewBrowser().SignInAsync(Address, RightPassword);
        for (var guess = 0; guess < 6; guess++)
        {
            await NewBrowser().SignInAsync("nobody@acme.example", WrongPassword);
        }

        Assert.Equal(1, Count("tenant=acme,method=pwd,outcome=completed"));
        Assert.Equal(6, Count("tenant=acme,method=password,outcome=refused"));
        Assert.Equal(1, Count("tenant=acme,method=password,outcome=throttled"));
        Assert.Equal(7, _measured.Count(m => m.Name == "loginportal.password_hashing.duration"));
        Assert.Contains(_measured, m => m is { Name: "loginportal.database.command.duration", Tags: "outcome=done" });
        Assert.DoesNotContain(_measured, m => m.Tags.Contains('@', StringComparison.Ordinal));

        long Count(string tags) => _measured.Count(m => m.Name == "loginportal.sign_ins" && m.Tags == tags);
    }

    [Fact]
    public async Task Tenants_BeyondTheLimit_AreCountedTogether()
    {
        var metrics = Host.Services.GetRequiredService<PortalMetrics>();

        for (var number = 0; number < PortalMetrics.MaximumTenants + 5; number++)
        {
            metrics.SignInCompleted($"tenant-{number}", ["pwd"]);
        }

        Assert.Equal(5, _measured.Count(m => m.Tags.StartsWith("tenant=other,", StringComparison.Ordinal)));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Outbox_IsObserved()
    {
        var user = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Services.GetRequiredService<Outbox>()
                .AddAsync(scope.Database, Tenant, user, new MailDraft("AccountCreated") { Link = "forgot-password" }, CancellationToken.None);
            await scope.Database.SaveChangesAsync();
        }

        Clock.Advance(TimeSpan.FromSeconds(90));
        await Host.Services.GetServices<IHostedService>().OfType<OutboxObserver>().Single().RunOnceAsync(CancellationToken.None);
        Host.Services.GetRequiredService<PasswordHashing>();
        _listener.RecordObservableInstruments();

        Assert.Equal(1, Last("loginportal.outbox.depth"));
        Assert.Equal(0, Last("loginportal.outbox.parked"));
        Assert.InRange(Last("loginportal.outbox.age"), 90, 91);
        Assert.Equal(0, Last("loginportal.password_hashing.queue.length"));

        double Last(string name) => _measured.Last(m => m.Name == name).Value;
    }

    [Theory]
    [InlineData("550 <ada@acme.example> unknown", "550 <[removed]> unknown")]
    [InlineData("GET /t/acme/reset?token=abc.def done", "GET /t/acme/reset?[removed] done")]
    [InlineData("nothing of anybody", "nothing of anybody")]
    public void Text_ThatLeaves_NamesNobody(string text, string expected) => Assert.Equal(expected, Redaction.Clean(text));

    [Theory]
    [InlineData("IpAddress", true)]
    [InlineData("client.address", true)]
    [InlineData("user_agent.original", true)]
    [InlineData("url.query", true)]
    [InlineData("url.path", false)]
    [InlineData("Kind", false)]
    [InlineData("server.address", false)]
    public void Attribute_OfAPerson_IsKnown(string key, bool expected) => Assert.Equal(expected, Redaction.IsPersonal(key));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new Measured(instrument.Name, value, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

    private sealed record Measured(string Name, double Value, string Tags);
}
