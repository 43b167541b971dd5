using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>How one issuer is asked about opaque tokens, with the proxy's own proof read.</summary>
/// <param name="Address">The endpoint.</param>
/// <param name="Proof">Who asks; null where a header says so, or nothing has to.</param>
/// <param name="Ttl">How long an answer serves.</param>
/// <param name="NegativeTtl">How long it is remembered that a token is not active.</param>
/// <param name="Timeout">One question, the wait for its turn included.</param>
/// <param name="Concurrency">Questions under way at the same time.</param>
/// <param name="Question">How a question is put, and which tokens are this issuer's.</param>
/// <param name="Http">CAs, plain HTTP to loopback, and the longest answer.</param>
internal sealed record IntrospectionSettings(Uri Address, ClientProof? Proof, TimeSpan Ttl, TimeSpan NegativeTtl, TimeSpan Timeout, int Concurrency, QuestionForm Question, KeySourceSettings Http)
{
    private const int MaxSecretBytes = 16 * 1024;

    /// <summary>Reads files and environment; null where the issuer is not asked, and where something is at fault.</summary>
    public static IntrospectionSettings? TryRead(IssuerSettings settings, List<PolicyFault> faults)
    {
        if (settings.IntrospectionUrl is not { } address)
        {
            return null;
        }

        try
        {
            return new IntrospectionSettings(
                new Uri(address), ReadProof(settings), settings.IntrospectionTtl, settings.IntrospectionNegativeTtl,
                settings.IntrospectionTimeout, settings.IntrospectionConcurrency, FormOf(settings), KeySourceSettings.From(settings));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException)
        {
            faults.Add(new($"the proof for introspection_url cannot be used: {exception.Message.TrimEnd('.')}", "issuers", settings.Name, "introspection_url"));
            return null;
        }
    }

    private static QuestionForm FormOf(IssuerSettings settings) => new(
        settings.IntrospectionFormat == IntrospectionFormat.Json,
        settings.IntrospectionHeadersFile is { } file ? FixedHeaders.Read(ReadText(file)) : FixedHeaders.None,
        settings.TokenPrefix,
        settings.Type == IssuerType.Verifier);

    private static ClientProof? ReadProof(IssuerSettings settings)
    {
        if ((settings.IntrospectionKeyFile ?? settings.IntrospectionSecretFile ?? settings.IntrospectionSecretEnv) is null)
        {
            return null;
        }

        if (settings.IntrospectionKeyFile is { } keyFile)
        {
            return ClientProof.ByKey(settings.IntrospectionClientId, settings.Issuer, ReadText(keyFile), settings.IntrospectionKeyId);
        }

        string? secret = settings.IntrospectionSecretFile is { } file ? ReadText(file).TrimEnd('\r', '\n') : Environment.GetEnvironmentVariable(settings.IntrospectionSecretEnv!);
        return string.IsNullOrEmpty(secret)
            ? throw new InvalidDataException(settings.IntrospectionSecretFile is null ? $"the variable {settings.IntrospectionSecretEnv} is not set" : "the file is empty")
            : ClientProof.BySecret(settings.IntrospectionClientId, secret);
    }

    private static string ReadText(string file) => new FileInfo(file).Length <= MaxSecretBytes
        ? File.ReadAllText(file)
        : throw new InvalidDataException($"{file} is longer than {MaxSecretBytes} bytes");
}
