using System.Text.RegularExpressions;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Reading;
using PoolProxy.Configuration.Toml;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

/// <summary>conf/pool.toml against the catalogue: the reference can neither miss a key nor name a wrong default.</summary>
public sealed partial class ReferenceFileTests
{
    private static readonly string Text = RepositoryFiles.Read("conf/pool.toml");

    // Prose has a blank behind its #; a key or a header has none.
    private static readonly TomlTable Uncommented = Parse(CommentedLine().Replace(Text, ""));

    [Theory]
    [InlineData("conf/pool.toml")]
    [InlineData("conf/pool.dev.toml")]
    public void A_file_that_we_ship_has_no_faults(string path) =>
        Assert.Empty(ConfigurationReader.Read(RepositoryFiles.Read(path), path).Faults);

    [Fact]
    public void The_reference_as_it_stands_means_the_defaults()
    {
        var configuration = ConfigurationReader.Read(Text, "pool.toml").Configuration;
        Assert.NotNull(configuration);
        Assert.Equal(["listen_addr"], ProxyCatalogue.Settings.Where(setting => !setting.IsSame(configuration.Proxy, new ProxySettings())).Select(setting => setting.Name));
    }

    [Fact]
    public void Every_value_in_the_reference_can_be_read()
    {
        var faults = new FaultList("pool.toml");
        new RootReader(new SectionReader(faults, isWhole: true)).Read(Uncommented);
        Assert.Empty(faults.InOrder);
    }

    [Fact]
    public void Every_key_of_the_proxy_stands_in_the_reference_with_its_default() =>
        AssertNames(Find("proxy"), ProxyCatalogue.Settings, new ProxySettings(), except: ["listen_addr", "isolation"]);

    [Fact]
    public void Every_key_of_the_audit_stands_in_the_reference_with_its_default() =>
        AssertNames(Find("audit"), AuditCatalogue.Settings, new AuditSettings(), except: []);

    [Fact]
    public void Every_key_of_http_stands_in_the_reference_with_its_default() =>
        AssertNames(Find("http"), HttpCatalogue.Settings, new HttpSettings(), except: ["tls_cert_file", "tls_key_file"]);

    [Fact]
    public void Every_key_of_the_limits_stands_in_the_reference_with_its_default() =>
        AssertNames(Find("limits"), LimitCatalogue.Settings, new LimitSettings(), except: ["address_failures"]);

    [Fact]
    public void Every_key_of_revocation_stands_in_the_reference_with_its_default() =>
        AssertNames(Find("revocation"), RevocationCatalogue.Settings, new RevocationSettings(), except: []);

    [Fact]
    public void Every_key_of_access_and_its_policies_stands_in_the_reference()
    {
        AssertNames(Find("access"), AccessCatalogue.Settings, new AccessSettings(), except: []);
        Assert.True(Find("access").TryGet("policies", out var policies));
        AssertNames(
            (TomlTable)Assert.Single(((TomlArray)policies.Value).Items), AccessCatalogue.Policy, new AccessPolicySettings { Number = 1, Issuer = "", Role = [] },
            except: ["issuer", "role", "database"]);
    }

    [Fact]
    public void Every_key_of_an_issuer_stands_in_the_reference_with_its_default() =>
        AssertNames(
            Find("issuers", "corp"), IssuerCatalogue.Settings, new IssuerSettings { Name = "corp", Issuer = "", Audience = [] },
            except:
            [
                "issuer", "audience", "jwks_file", "jwks_url", "ca_file", "introspection_url", "introspection_client_id", "introspection_secret_file",
                "introspection_secret_env", "introspection_key_file", "limits_claim", "introspection_headers_file", "saml_cert_file", "saml_recipient", "events_audience", "events_token_file",
            ]);

    [Fact]
    public void Every_key_of_a_database_stands_in_the_reference() =>
        AssertNames(Find("databases", "app"), DatabaseCatalogue.Settings, null, except: []);

    [Fact]
    public void Every_key_of_a_login_stands_in_the_reference() =>
        AssertNames(Find("databases", "app", "logins", "app_read"), LoginCatalogue.Settings, null, except: []);

    [Fact]
    public void Every_key_of_a_user_stands_in_the_reference() =>
        AssertNames(Find("users", "alice"), UserCatalogue.Settings, null, except: []);

    [Fact]
    public void Every_key_of_a_peer_stands_in_the_reference() =>
        AssertNames(Find("peers", "1"), PeerCatalogue.Settings, null, except: []);

    [Fact]
    public void Every_key_of_a_rule_stands_in_the_reference()
    {
        Assert.True(Uncommented.TryGet("rules", out var rules));
        AssertNames((TomlTable)Assert.Single(((TomlArray)rules.Value).Items), RuleCatalogue.Settings, null, except: []);
    }

    private static void AssertNames<TModel>(TomlTable table, IReadOnlyList<Setting<TModel>> settings, TModel? defaults, string[] except)
        where TModel : class
    {
        foreach (var setting in settings)
        {
            Assert.True(table.TryGet(setting.Name, out var entry), $"{setting.Name} is missing");
            if (defaults is null || except.Contains(setting.Name)) continue;
            var read = setting.Read(defaults, entry.Value, out var problem);
            Assert.Null(problem);
            Assert.True(setting.IsSame(read, defaults), $"{setting.Name} is {setting.Print(read)}, and by default {setting.Print(defaults)}");
        }
    }

    private static TomlTable Find(params string[] path)
    {
        var table = Uncommented;
        foreach (var part in path)
        {
            Assert.True(table.TryGet(part, out var entry), $"{part} is missing");
            table = (TomlTable)entry.Value;
        }
        return table;
    }

    private static TomlTable Parse(string text)
    {
        var document = TomlReader.Read(text);
        Assert.Empty(document.Faults);
        return document.Root;
    }

    [GeneratedRegex("^#(?=[a-z\\[])", RegexOptions.Multiline)]
    private static partial Regex CommentedLine();
}
