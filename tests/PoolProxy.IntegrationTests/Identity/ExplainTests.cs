using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using PoolProxy.Core;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>poolproxy explain: the account of a token, line by line.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task The_account_names_each_step()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        string secret = folder.Write("secret", issuer.Opaque.ClientSecret);
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Issuer = issuer,
            IssuerLines = $"introspection_url = \"{issuer.IntrospectionAddress}\"\nintrospection_client_id = \"poolproxy\"\nintrospection_secret_file = \"{secret}\"",
        });
        string good = here.Reader("alice").Claim("jti", "j1").Build();
        string[] lines = await ExplainAsync(here, good, true);
        Assert.Equal(["token     proven", "issuer    corp", "subject   alice", "jti       j1", "user      alice"], lines[..5]);
        Assert.StartsWith("rule 1    The claims do not meet", lines[5], StringComparison.Ordinal);
        Assert.Equal("rule 2    matches", lines[6]);
        Assert.StartsWith("expires   20", lines[7], StringComparison.Ordinal);
        Assert.Equal([$"claims    {{\"groups\":[\"readers\"],\"sub\":\"alice\"}}", $"role      {here.Readers}", $"login     {here.Login}", "result    let in"], lines[8..]);

        Assert.Equal("result    let in", (await ExplainAsync(here, issuer.OpaqueToken("bob", "readers"), true))[^1]);
        Assert.Equal(["token     refused: Inactive", "issuer    corp", "result    refused: 28P01 Inactive"], await ExplainAsync(here, "made-up", false));
        Assert.Equal("result    refused: 28P01 Expired", (await ExplainAsync(here, here.Reader("alice").Life(TimeSpan.FromHours(-1)).Build(), false))[^1]);
        Assert.Equal("result    refused: 28000 NoRule", (await ExplainAsync(here, issuer.Token("eve").Groups("visitors").Build(), false))[^1]);
        Assert.Equal("result    refused: 28000 RoleNotAllowed", (await ExplainAsync(here, good, false, user: "bob"))[^1]);
        Assert.Equal("result    refused: 3D000 there is no database \"elsewhere\"", (await ExplainAsync(here, good, false, database: "elsewhere"))[^1]);
        Assert.Equal("result    refused: 28000 ConsoleShut", (await ExplainAsync(here, good, false, database: "pgbouncer"))[^1]);

        using X509Certificate2 own = X509CertificateLoader.LoadCertificateFromFile(certificates.Client("laptop").CertificateFile);
        string bound = here.Reader("alice").Claim("cnf", new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(own.RawData)) }).Build();
        Assert.Equal("result    refused: 28P01 CertificateMissing", (await ExplainAsync(here, bound, false))[^1]);
        Assert.Equal("result    refused: 28P01 CertificateMismatch", (await ExplainAsync(here, bound, false, certificate: certificates.Client("phone").CertificateFile))[^1]);
        Assert.Equal("result    let in", (await ExplainAsync(here, bound, true, certificate: certificates.Client("laptop").CertificateFile))[^1]);
        Assert.Null(await RunAsync(here, bound, certificate: secret));
    }

    [Fact]
    public async Task The_account_goes_by_an_address_and_a_time_and_says_what_the_rule_gives_and_limits()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            IssuerLines = "limits_claim = \"pg_limits\"",
            ReaderLines = """
                from = "10.0.0.0/8"
                hours = "Mon-Fri 08:00-18:00"
                time_zone = "Europe/Berlin"
                search_path = "tenant"
                read_only = true
                session_length = "12h"
                max_connections = 3
                """,
        });
        DateTimeOffset now = DateTimeOffset.UtcNow;
        DateTimeOffset noon = new DateTimeOffset(now.Date, TimeSpan.Zero).AddDays(7 - (int)now.DayOfWeek + 1).AddHours(11);
        string token = here.Reader("alice").Life(TimeSpan.FromDays(10)).Claim("iat", noon.AddMinutes(-5).ToUnixTimeSeconds()).Claim("exp", noon.AddHours(1).ToUnixTimeSeconds())
            .Claim("pg_limits", new JsonObject { ["max_connections"] = 1, ["query_timeout"] = 5 }).Build();

        string[] atWork = await AtAsync(token, "10.1.2.3", noon);
        string end = new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(noon.Date.AddHours(18), DateTimeKind.Unspecified), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        Assert.Contains($"ends      {end} by hours", atWork);
        Assert.Contains("path      tenant", atWork);
        Assert.Contains("limits    read_only = true, query_timeout = 5, session_length = 43200, max_connections = 1", atWork);
        Assert.Equal("result    let in", atWork[^1]);
        Assert.Contains("rule 2    The login does not meet from = [\"10.0.0.0/8\"].", await AtAsync(token, "192.0.2.1", noon));
        Assert.Contains("rule 2    The login does not meet hours = [\"Mon-Fri 08:00-18:00\"] in Europe/Berlin.", await AtAsync(here.Reader("alice").Claim("iat", noon.AddHours(8).ToUnixTimeSeconds()).Claim("exp", noon.AddHours(9).ToUnixTimeSeconds()).Build(), "10.1.2.3", noon.AddHours(8)));

        async Task<string[]> AtAsync(string shown, string address, DateTimeOffset at)
        {
            await using var output = new StringWriter();
            await using var error = new StringWriter();
            await TokenAccount.RunAsync(
                new TokenQuestion { File = here.Proxy.ConfigurationFile, Token = shown, Database = here.Database.Name, Address = System.Net.IPAddress.Parse(address), At = at }, output, error);
            Assert.Empty(error.ToString());
            return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static async Task<string[]> ExplainAsync(Installation here, string token, bool isLetIn, string? database = null, string? user = null, string? certificate = null)
    {
        (bool? letIn, string said) = await RunAsync(here, token, database, user, certificate) ?? throw new InvalidDataException("it could not be looked at");
        Assert.Equal(isLetIn, letIn);
        Assert.All(token.Split('.').Where(part => part.Length > 20), part => Assert.DoesNotContain(part, said, StringComparison.Ordinal));
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<(bool?, string)?> RunAsync(Installation here, string token, string? database = null, string? user = null, string? certificate = null)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        bool? letIn = await TokenAccount.RunAsync(
            new TokenQuestion { File = here.Proxy.ConfigurationFile, Token = token, Database = database ?? here.Database.Name, User = user, CertificateFile = certificate }, output, error);
        Assert.Equal(letIn is null, error.ToString().Length > 0);
        return letIn is null ? null : (letIn, output.ToString());
    }
}
