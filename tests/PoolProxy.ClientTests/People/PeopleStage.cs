using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.ClientTests.People;

/// <summary>The demo's world and a proxy of a test's own: two people with tokens share one server connection, and each has rows of their own.</summary>
internal sealed class PeopleStage : IAsyncDisposable
{
    private static readonly Lazy<Task<DemoWorld>> World = new(() => DemoWorld.StartAsync(new DemoOptions { AuditEnabled = false }));
    private readonly ProxyUnderTest _proxy;

    private PeopleStage(DemoWorld world, ProxyUnderTest proxy)
    {
        _proxy = proxy;
        Issuer = world.Issuer.Issuer;
        People = [Person(world.Scene.Alice, "Minutes of the board|Letter to the bank"), Person(world.Scene.Bob, "Plan of the new hall")];

        (Target Target, string Titles) Person(DemoPerson person, string titles) =>
            (new Target("127.0.0.1", proxy.Port, person.Name, person.Token, world.Scene.Database, world.Certificates.AuthorityFile), titles);
    }

    /// <summary>How each of the two connects, and the titles that they may see, in order and joined by <c>|</c>.</summary>
    public IReadOnlyList<(Target Target, string Titles)> People { get; }

    /// <summary>The issuer of the tokens.</summary>
    public string Issuer { get; }

    /// <summary>Starts a proxy with the demo's configuration.</summary>
    /// <param name="authType">How the tokens come: <c>jwt</c> or <c>oauth</c>.</param>
    public static async Task<PeopleStage> OpenAsync(string authType = "jwt")
    {
        DemoWorld world = await World.Value;
        string text = await File.ReadAllTextAsync(world.ConfigurationFile);
        return new PeopleStage(world, await ProxyUnderTest.StartAsync(place =>
            text.Replace($"listen_port = {world.Scene.Port}", $"listen_port = {place.Port}", StringComparison.Ordinal)
                .Replace("auth_type = \"jwt\"", $"auth_type = \"{authType}\"", StringComparison.Ordinal)));
    }

    /// <summary>Stops the proxy; the world stays for the next.</summary>
    public ValueTask DisposeAsync() => _proxy.DisposeAsync();
}
