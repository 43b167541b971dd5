using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Authentication.Revocation;

/// <summary>Who may transmit an issuer's security events. Of the bearer token only a hash is kept.</summary>
/// <param name="Issuer">The issuer's name.</param>
/// <param name="Audience">What <c>aud</c> of its events has to hold.</param>
/// <param name="TokenHash">The SHA-256 of the bearer token.</param>
internal sealed record EventTransmitter(string Issuer, string Audience, byte[] TokenHash)
{
    private const int LeastTokenBytes = 16;
    private const int MaxTokenBytes = 4096;

    /// <summary>Whether that is its token; takes as long whatever it is.</summary>
    public bool Is(string bearer) => CryptographicOperations.FixedTimeEquals(TokenHash, SHA256.HashData(Encoding.UTF8.GetBytes(bearer)));

    /// <summary>Those of the configuration; <paramref name="tell"/> hears whose token cannot be used, and why.</summary>
    public static IReadOnlyList<EventTransmitter> Read(ProxyConfiguration configuration, Action<string, string> tell)
    {
        var found = new List<EventTransmitter>();
        foreach (var issuer in configuration.Issuers.Values)
        {
            if (issuer is not { EventsAudience: { } audience, EventsTokenFile: { } file })
            {
                continue;
            }

            try
            {
                var token = new FileInfo(file).Length <= MaxTokenBytes ? File.ReadAllText(file).Trim() : "";
                if (Encoding.UTF8.GetByteCount(token) < LeastTokenBytes)
                {
                    tell(issuer.Name, $"the token has {LeastTokenBytes} to {MaxTokenBytes} bytes");
                    continue;
                }

                found.Add(Of(issuer.Name, audience, token));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                tell(issuer.Name, failure.Message);
            }
        }

        return found;
    }

    private static EventTransmitter Of(string issuer, string audience, string token) => new(issuer, audience, SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
