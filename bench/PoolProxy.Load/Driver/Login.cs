using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Load.Driver;

/// <summary>One client's answers to a server's authentication requests: trust, clear text (passwords and tokens) and SCRAM-SHA-256.</summary>
internal sealed class Login(Credentials credentials, ScramKeyCache keys)
{
    private const int MaxIterations = 1_000_000;

    private ScramClient? _scram;

    /// <summary>The startup packet.</summary>
    public static byte[] Startup(Credentials credentials)
    {
        using var writer = new MessageWriter();
        StartupMessage.Begin(writer, ProtocolVersion.V3_0);
        StartupMessage.WriteParameter(writer, "user"u8, Encoding.UTF8.GetBytes(credentials.User));
        StartupMessage.WriteParameter(writer, "database"u8, Encoding.UTF8.GetBytes(credentials.Database));
        StartupMessage.WriteParameter(writer, "application_name"u8, "bench"u8);
        StartupMessage.End(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Takes an Authentication message.</summary>
    /// <returns>What to send; null where nothing is due.</returns>
    /// <exception cref="BenchException">A method that is not among those above, or a server that does not know the password.</exception>
    public byte[]? Answer(ReadOnlySpan<byte> body)
    {
        var kind = (AuthenticationKind)BinaryPrimitives.ReadInt32BigEndian(body);
        ReadOnlySpan<byte> data = body[sizeof(int)..];
        switch (kind)
        {
            case AuthenticationKind.Ok:
                return null;
            case AuthenticationKind.CleartextPassword:
                return Written(writer => PasswordMessage.Write(writer, Encoding.UTF8.GetBytes(Password)));
            case AuthenticationKind.SASL:
                _scram = new ScramClient(ScramBinding.Unable, default, RandomNumberGenerator.Create());
                return Written(writer => SASLInitialResponse.Write(writer, Encoding.ASCII.GetBytes(_scram.Mechanism), _scram.FirstMessage()));
            case AuthenticationKind.SASLContinue:
                Demand(_scram!.ReadServerFirst(data, MaxIterations));
                byte[] proof = _scram.FinalMessage(keys.Get(Password, _scram.Salt, _scram.Iterations));
                return Written(writer => SASLResponse.Write(writer, proof));
            case AuthenticationKind.SASLFinal:
                Demand(_scram!.ReadServerFinal(data));
                return null;
            default:
                throw new BenchException($"the server asks for authentication {kind}");
        }
    }

    private string Password => credentials.Password ?? throw new BenchException("the server asks for a password and the client has none");

    private static void Demand(ScramResult result)
    {
        if (result != ScramResult.Done)
        {
            throw new BenchException($"SCRAM: {result}");
        }
    }

    private static byte[] Written(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }
}
