using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LoginPortal.Testing;

/// <summary>An SMTP server on the loopback that speaks as much of RFC 5321 as a client needs, and can misbehave.</summary>
public sealed class SmtpServerDouble : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private readonly SemaphoreSlim _taken = new(0);
    private readonly Task _accepting;

    public SmtpServerDouble()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Thumbprint => _certificate.Thumbprint;

    /// <summary>Whether it offers STARTTLS; a server between the two that takes the offer away looks the same.</summary>
    public bool OffersTls { get; init; } = true;

    /// <summary>The command that it never answers; an empty one stands for the greeting.</summary>
    public string? StallsAt { get; set; }

    /// <summary>What it answers to the recipient.</summary>
    public string RecipientAnswer { get; init; } = "250 OK";

    /// <summary>Every line that came in the clear.</summary>
    public List<string> ClearLines { get; } = [];

    /// <summary>What was handed over, with whether it came encrypted.</summary>
    public List<(string Data, bool Encrypted)> Mails { get; } = [];

    /// <summary>Waits until so many mails have been handed over.</summary>
    public async Task TakenAsync(int count)
    {
        while (Mails.Count < count)
        {
            if (!await _taken.WaitAsync(TimeSpan.FromSeconds(30), _stopping.Token))
            {
                throw new TimeoutException($"Only {Mails.Count} of {count} mails came.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _certificate.Dispose();
        _stopping.Dispose();
        _taken.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task TalkAsync(TcpClient connection)
    {
        using (connection)
        {
            Stream stream = connection.GetStream();
            try
            {
                await AnswerAsync(stream, "", "220 mail.example.com");
                while (await ReadLineAsync(stream) is { } line)
                {
                    if (stream is not SslStream)
                    {
                        lock (ClearLines)
                        {
                            ClearLines.Add(line);
                        }
                    }

                    stream = await HandleAsync(stream, line);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, or the test is over.
            }
            finally
            {
                await stream.DisposeAsync();
            }
        }
    }

    private async Task<Stream> HandleAsync(Stream stream, string line)
    {
        var command = line.Split(' ', ':')[0].ToUpperInvariant();
        switch (command)
        {
            case "EHLO":
                await AnswerAsync(stream, command, OffersTls && stream is not SslStream ? "250-mail.example.com\r\n250 STARTTLS" : "250-mail.example.com\r\n250 AUTH LOGIN");
                return stream;
            case "STARTTLS":
                await AnswerAsync(stream, command, "220 Go ahead");
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
                return encrypted;
            case "RCPT":
                await AnswerAsync(stream, command, RecipientAnswer);
                return stream;
            case "DATA":
                await AnswerAsync(stream, command, "354 Go on");
                var data = new StringBuilder();
                while (await ReadLineAsync(stream) is { } text && text != ".")
                {
                    data.AppendLine(text);
                }

                lock (Mails)
                {
                    Mails.Add((data.ToString(), stream is SslStream));
                }

                _taken.Release();
                await AnswerAsync(stream, ".", "250 Taken");
                return stream;
            default:
                await AnswerAsync(stream, command, command == "QUIT" ? "221 Bye" : "250 OK");
                return stream;
        }
    }

    private async Task AnswerAsync(Stream stream, string command, string answer)
    {
        if (StallsAt == command)
        {
            await Task.Delay(Timeout.Infinite, _stopping.Token);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), _stopping.Token);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await stream.ReadAsync(next, _stopping.Token) == 1)
        {
            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next[0]);
        }

        return null;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
