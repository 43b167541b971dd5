using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;
using PoolProxy.Sandbox.Issuers;

namespace PoolProxy.Microbench;

/// <summary>Judging a token: from the cache, and from the signature.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private const string Issuer = "https://login.example.com";

    private readonly TokenVerdictCache _cache = new();
    private readonly IssuerPolicy _policy = new()
    {
        Name = "bench",
        Issuer = Issuer,
        Audiences = ["poolproxy"],
        Algorithms = ["RS256", "ES256"],
        MaxLifetime = TimeSpan.FromHours(24),
        MaxTokenBytes = 16 * 1024,
    };

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private KeySet _keys = null!;
    private byte[] _rsa = [];
    private byte[] _curve = [];

    /// <summary>An issuer with two keys, and a token of each.</summary>
    [GlobalSetup]
    public void Setup()
    {
        IssuerKey rsa = IssuerKey.Create("RS256", "rsa");
        IssuerKey curve = IssuerKey.Create("ES256", "curve");
        string document = new JsonObject { ["keys"] = new JsonArray(rsa.ToJwk(), curve.ToJwk()) }.ToJsonString();
        if (!KeySet.TryRead(Encoding.UTF8.GetBytes(document), out KeySet? keys, out string? fault))
        {
            throw new InvalidOperationException(fault);
        }
        _keys = keys;
        _rsa = Token(rsa);
        _curve = Token(curve);
        var accepted = (TokenVerdict.Accepted)Judge(_rsa);
        _cache.Add(TokenDigest.Of(_rsa), new ProvenToken(accepted.Token, "{}", null!, RuleLimits.None, new TokenPlan([], new RuleBook([]))), _cache.Epoch);
    }

    /// <summary>A reconnect: a hash and a look.</summary>
    [Benchmark]
    public bool Cached() => _cache.TryGet(TokenDigest.Of(_rsa), _now, out _);

    /// <summary>A new token, RSA of 2048 bits.</summary>
    [Benchmark]
    public object ColdRs256() => Judge(_rsa);

    /// <summary>A new token, P-256.</summary>
    [Benchmark]
    public object ColdEs256() => Judge(_curve);

    private static byte[] Token(IssuerKey key) => Encoding.Latin1.GetBytes(
        new TokenBuilder(Issuer, "poolproxy", "alice", key, TimeSpan.FromHours(1), TimeProvider.System).Groups("analysts", "staff").Claim("email", "alice@example.com").Build());

    private TokenVerdict Judge(byte[] token) => TokenReader.TryRead(token, _policy.MaxTokenBytes, out UnverifiedToken? read, out TokenRefusal refusal)
        ? TokenValidator.Validate(read, _policy, _keys, _now)
        : throw new InvalidOperationException(refusal.ToString());
}
