using Xunit;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>What a proxy without issuers, TLS, [http] and telemetry must not load: each costs about a megabyte for nothing.</summary>
public sealed class StartMemoryTests
{
    [Fact]
    public async Task A_plain_proxy_loads_no_cryptography_no_Kestrel_and_no_collections_that_it_does_not_use()
    {
        await using ServingProcess proxy = await ServingProcess.StartAsync();
        string[] loaded = [.. (await proxy.ReadAsync("maps")).Split('\n').Select(line => Path.GetFileName(line.Split(' ')[^1])).Distinct().Order()];
        string[] dear =
        [
            "Microsoft.AspNetCore.Server.Kestrel.Core.dll", "System.Collections.Concurrent.dll", "System.Collections.Immutable.dll", "System.Net.Http.dll",
            "System.Net.NameResolution.dll", "System.Net.Security.dll", "System.Net.Sockets.dll", "System.Security.Cryptography.dll",
            "System.Text.Json.dll", "System.Text.RegularExpressions.dll", "System.Private.Xml.dll", "libssl.so.3", "libcrypto.so.3",
        ];
        Assert.Contains("PoolProxy.Core.dll", loaded);
        Assert.Empty(loaded.Intersect(dear));
    }
}
