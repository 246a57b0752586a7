using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DnsClient;
using LoginPortal.Core.Networking;
using LoginPortal.Core.Tenants.Domains;

namespace LoginPortal.Core.Tests.Tenants.Domains;

/// <summary>Where a claim to a host is looked up, and where it is not.</summary>
public sealed class DomainProofTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    public void Address_OfSpecialPurpose_IsNotPublic(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Fact]
    public async Task File_OfAHostOfThePortalsOwnNetwork_IsNotAskedFor()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var handler = FileDomainProof.CreateHandler();
        using var client = new HttpClient(handler);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"), TestContext.Current.CancellationToken));

        Assert.Contains("does not connect to", exception.InnerException?.Message ?? exception.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "the value", DomainProofResult.Proved)]
    [InlineData(HttpStatusCode.OK, "\uFEFFthe value\r\n", DomainProofResult.Proved)]
    [InlineData(HttpStatusCode.OK, "the value and more", DomainProofResult.Different)]
    [InlineData(HttpStatusCode.OK, "", DomainProofResult.Different)]
    [InlineData(HttpStatusCode.NotFound, "the value", DomainProofResult.NotFound)]
    [InlineData(HttpStatusCode.Found, "the value", DomainProofResult.Different)]
    [InlineData(HttpStatusCode.InternalServerError, "the value", DomainProofResult.Different)]
    public async Task File_ThatAHostServes_IsProofOnlyIfItIsTheValue(HttpStatusCode status, string content, DomainProofResult expected)
    {
        using var handler = new Server(status, content);

        Assert.Equal(expected, await new FileDomainProof(handler).CheckAsync("id.acme.example", "the value", TestContext.Current.CancellationToken));
        Assert.Equal("https://id.acme.example/.well-known/loginportal-challenge.txt", handler.Asked);
    }

    [Fact]
    public async Task File_WithoutEnd_IsReadOnlyToItsBeginning()
    {
        using var handler = new Server(HttpStatusCode.OK, "the value" + new string(' ', 5000));

        Assert.Equal(DomainProofResult.Different, await new FileDomainProof(handler).CheckAsync("a.example", "the value", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("the value", DomainProofResult.Proved)]
    [InlineData("another", DomainProofResult.Different)]
    [InlineData(null, DomainProofResult.NotFound)]
    public async Task Record_OfANameServer_IsProofIfItIsTheValue(string? record, DomainProofResult expected)
    {
        using var server = new NameServer(record);
        var proof = new DnsDomainProof(new Lazy<ILookupClient>(() => new LookupClient(DnsDomainProof.Configure(new LookupClientOptions(server.EndPoint)))));

        Assert.Equal(expected, await proof.CheckAsync("id.acme.example", "the value", TestContext.Current.CancellationToken));
        Assert.Equal("_loginportal-challenge.id.acme.example", server.Asked);
    }

    private sealed class Server(HttpStatusCode status, string content) : HttpMessageHandler, IHttpClientFactory
    {
        public string? Asked { get; private set; }

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri!.AbsoluteUri;
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(content) });
        }
    }

    /// <summary>A name server that knows one TXT record, over UDP (RFC 1035, 4.1).</summary>
    private sealed class NameServer : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

        public NameServer(string? record) => _ = AnswerAsync(record);

        public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

        public string? Asked { get; private set; }

        public void Dispose() => _socket.Dispose();

        private async Task AnswerAsync(string? record)
        {
            var query = await _socket.ReceiveAsync();
            var labels = new List<string>();
            var position = 12;
            while (query.Buffer[position] is > 0 and var length)
            {
                labels.Add(Encoding.ASCII.GetString(query.Buffer, position + 1, length));
                position += length + 1;
            }

            Asked = string.Join('.', labels);
            var question = query.Buffer[..(position + 5)];
            (question[2], question[3]) = (0x81, (byte)(record is null ? 0x83 : 0x80));
            BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(6), (ushort)(record is null ? 0 : 1));
            BinaryPrimitives.WriteUInt32BigEndian(question.AsSpan(8), 0);
            byte[] answer = record is null
                ? []
                : [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)(record.Length + 1), (byte)record.Length, .. Encoding.ASCII.GetBytes(record)];
            byte[] message = [.. question, .. answer];
            await _socket.SendAsync(message, query.RemoteEndPoint);
        }
    }
}
