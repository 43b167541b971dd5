using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// A small OpenID Connect issuer on 127.0.0.1: discovery in both well-known places (OpenID Connect Discovery §4, RFC 8414 §3), a JWKS, key
/// rotation, faults on demand. Tokens are minted by method call, and over HTTP for clients that were registered (<see cref="Tokens"/>); it can push security events
/// (<see cref="SharedSignalsTransmitter"/>). Thread-safe.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly TestIssuerOptions _options;
    private readonly FaultSwitch _faults = new();
    private readonly IssuerEndpoints _endpoints;
    private readonly WebApplication _web;
    private readonly Lock _gate = new();
    private readonly List<IssuerKey> _keys;

    private TestIssuer(TestIssuerOptions options, int port)
    {
        _options = options;
        Port = port;
        _keys = [IssuerKey.Create(options.Algorithm)];
        Opaque = new OpaqueTokenDesk(options.Time);
        Devices = new DeviceDesk(options.Time);
        Tokens = new TokenDesk(this, options.Life);
        _endpoints = new IssuerEndpoints(this, options.Path, _faults);
        string scheme = options.Certificates is null ? "http" : "https";
        BaseAddress = $"{scheme}://127.0.0.1:{port}";
        _web = BuildWeb();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Scheme, address and port.</summary>
    public string BaseAddress { get; }

    /// <summary>The issuer's name, the value of <c>iss</c>.</summary>
    public string Issuer => BaseAddress + _options.Path;

    /// <summary>The audience of its tokens.</summary>
    public string Audience => _options.Audience;

    /// <summary>Where its JWKS is.</summary>
    public string JwksAddress => Issuer + "/jwks";

    /// <summary>Where it is asked about opaque tokens.</summary>
    public string IntrospectionAddress => Issuer + "/introspect";

    /// <summary>Its opaque tokens.</summary>
    public OpaqueTokenDesk Opaque { get; }

    /// <summary>The clients that may ask it for tokens, and what it gave them.</summary>
    public TokenDesk Tokens { get; }

    /// <summary>The devices that ask for a person's token.</summary>
    public DeviceDesk Devices { get; }

    /// <summary>The key that signs now.</summary>
    public IssuerKey Key
    {
        get
        {
            lock (_gate)
            {
                return _keys[^1];
            }
        }
    }

    /// <summary>How it answers over HTTP from now on. A change lets every held-back request go.</summary>
    public IssuerFault Fault
    {
        get => _faults.Fault;
        set => _faults.Fault = value;
    }

    /// <summary>How often discovery was asked for.</summary>
    public int DiscoveryRequests => _endpoints.DiscoveryRequests;

    /// <summary>How often the JWKS was asked for.</summary>
    public int JwksRequests => _endpoints.JwksRequests;

    /// <summary>Requests that <see cref="IssuerFault.Slow"/> holds back now.</summary>
    public int Waiting => _faults.Waiting;

    /// <summary>The most that it held back at the same time.</summary>
    public int MostWaiting => _faults.MostWaiting;

    /// <summary>Starts an issuer with one key.</summary>
    public static async Task<TestIssuer> StartAsync(TestIssuerOptions? options = null, CancellationToken cancellation = default)
    {
        SandboxEnvironment.Clear();
        var issuer = new TestIssuer(options ?? new TestIssuerOptions(), LoopbackPorts.Take());
        try
        {
            await issuer._web.StartAsync(cancellation);
        }
        catch
        {
            await issuer.DisposeAsync();
            throw;
        }
        return issuer;
    }

    /// <summary>Issues an opaque token for this subject: a text of which only the issuer knows what it stands for (RFC 7662).</summary>
    /// <param name="subject">Its <c>sub</c>.</param>
    /// <param name="groups">Its <c>groups</c>.</param>
    public string OpaqueToken(string subject, params string[] groups) => Opaque.Issue(Issuer, Audience, subject, groups, _options.Life);

    /// <summary>Starts a token for this subject: good in every way, signed by the current key.</summary>
    public TokenBuilder Token(string subject) => new(Issuer, Audience, subject, Key, _options.Life, _options.Time);

    /// <summary>Makes a new key the one that signs.</summary>
    /// <param name="algorithm">Its algorithm; that of the key before by default.</param>
    /// <param name="keepOld">Whether the older keys stay in the JWKS.</param>
    public IssuerKey Rotate(string? algorithm = null, bool keepOld = true)
    {
        IssuerKey key = IssuerKey.Create(algorithm ?? Key.Algorithm);
        Publish(key, keepOld);
        return key;
    }

    /// <summary>Makes a given key the one that signs, and publishes it.</summary>
    public void Publish(IssuerKey key, bool keepOld = true)
    {
        lock (_gate)
        {
            if (!keepOld)
            {
                _keys.Clear();
            }
            _keys.Add(key);
        }
    }

    /// <summary>The JWKS document as it is now.</summary>
    public string Jwks()
    {
        lock (_gate)
        {
            return new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(key => (JsonNode)key.ToJwk())]) }.ToJsonString();
        }
    }

    /// <summary>The discovery document as it is now.</summary>
    public string Discovery() => new JsonObject
    {
        ["issuer"] = Fault == IssuerFault.ForeignIssuer ? "https://elsewhere.invalid" : Issuer,
        ["jwks_uri"] = JwksAddress,
        ["authorization_endpoint"] = Issuer + "/authorize",
        ["token_endpoint"] = Issuer + "/token",
        ["introspection_endpoint"] = IntrospectionAddress,
        ["device_authorization_endpoint"] = Issuer + "/device_authorization",
        ["revocation_endpoint"] = Issuer + "/revoke",
        ["grant_types_supported"] = new JsonArray("client_credentials", "urn:ietf:params:oauth:grant-type:device_code"),
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray(Key.Algorithm),
    }.ToJsonString();

    /// <summary>Stops listening: connections are then refused. Held-back requests are let go first.</summary>
    public async ValueTask DisposeAsync()
    {
        Fault = IssuerFault.None;
        await _web.DisposeAsync();
    }

    private WebApplication BuildWeb()
    {
        // The empty builder reads no files and no environment.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (_options.Certificates is { } certificates)
                {
                    listen.UseHttps(certificates.ServerEc.Load());
                }
            });
        });
        WebApplication web = builder.Build();
        web.Run(_endpoints.AnswerAsync);
        return web;
    }

    /// <summary>Leaves signals alone: the default lifetime would take Ctrl-C away from the program that runs the issuer.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
