using System.Text;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Ini;

/// <summary>Writes the pool.toml that means what a <c>pgbouncer.ini</c> means: the settings that it gives, in its order, with the values that they have here.</summary>
public static class IniConversion
{
    /// <summary>The text of a pool.toml, or null with the faults.</summary>
    /// <param name="text">The pgbouncer.ini.</param>
    /// <param name="fileName">What faults call it.</param>
    /// <param name="include">The text of a file that <c>%include</c> names, or null and why it cannot be read.</param>
    /// <param name="resolve">Makes whole paths of those in a model: a pool.toml looks beside itself for what it names, a pgbouncer.ini where the proxy was started.</param>
    public static (string? Toml, ConfigurationResult Result) Convert(
        string text, string fileName, Func<string, (string? Text, string? Failure)> include, Func<ProxyConfiguration, ProxyConfiguration> resolve)
    {
        var faults = new FaultList(fileName);
        var tree = new IniTree(faults).Build(new IniReader(faults, include).Read(text));
        var result = ConfigurationReader.Read(tree, faults);
        return (result.Configuration is { } configuration ? Write(tree, resolve(configuration), result.Notes) : null, result);
    }

    private static string Write(TomlTable tree, ProxyConfiguration configuration, IReadOnlyList<ConfigurationFault> notes)
    {
        var toml = new StringBuilder();
        foreach (var note in notes) toml.Append("# ").Append(note.Message).Append(". ").AppendLine(note.Hint);
        foreach (var section in tree.Entries)
        {
            var table = (TomlTable)section.Value;
            if (section.Key == "proxy") WriteSection(toml, "proxy", table, configuration.Proxy, ProxyCatalogue.Settings);
            foreach (var entry in table.Entries)
            {
                var name = $"{section.Key}.{TomlText.Key(entry.Key)}";
                if (section.Key == "databases") WriteSection(toml, name, (TomlTable)entry.Value, configuration.Databases[entry.Key], DatabaseCatalogue.Settings);
                else if (section.Key == "users") WriteSection(toml, name, (TomlTable)entry.Value, configuration.Users[entry.Key], UserCatalogue.Settings);
                else if (section.Key == "peers") WriteSection(toml, name, (TomlTable)entry.Value, configuration.Peers[entry.Key], PeerCatalogue.Settings);
            }
        }
        return toml.ToString();
    }

    private static void WriteSection<TModel>(StringBuilder toml, string name, TomlTable table, TModel model, IReadOnlyList<Setting<TModel>> settings)
        where TModel : class
    {
        if (toml.Length > 0) toml.AppendLine();
        toml.Append('[').Append(name).AppendLine("]");
        foreach (var entry in table.Entries)
            if (settings.FirstOrDefault(setting => setting.Name == entry.Key) is { } setting && setting.Write(model) is { } value)
                toml.Append(setting.Name).Append(" = ").AppendLine(value);
    }
}
