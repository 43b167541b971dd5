using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>Reads the keys of one section by its catalogue.</summary>
/// <param name="faults">Where faults and positions go.</param>
/// <param name="isWhole">False where TOML faults have torn holes in the document: a missing key may then have stood in one.</param>
internal sealed class SectionReader(FaultList faults, bool isWhole)
{
    public FaultList Faults => faults;

    /// <summary>
    /// Takes every key of <paramref name="table"/> into <paramref name="model"/>. The keys in <paramref name="structured"/> are known, and left to the caller.
    /// </summary>
    public TModel Read<TModel>(TomlTable table, TModel model, IReadOnlyList<Setting<TModel>> settings, string[] refused, string[] structured, params string[] path)
        where TModel : class
    {
        foreach (var entry in table.Entries)
        {
            faults.Positions.Add(entry.Value is TomlTable ? entry.KeyPosition : entry.Value.Position, [.. path, entry.Key]);
            if (structured.Contains(entry.Key)) continue;
            var setting = settings.FirstOrDefault(setting => setting.Name == entry.Key);
            if (setting is null && RefusedSettings.WhyNotApplicable(refused, entry.Key) is { } reason) faults.Note(entry.KeyPosition, $"{entry.Key} has nothing to say here", reason);
            else if (setting is null) RefuseKey(entry, refused, [.. settings.Select(known => known.Name), .. structured]);
            else
            {
                model = setting.Read(model, entry.Value, out var problem);
                if (problem is not null) faults.Add(problem.Position ?? entry.Value.Position, $"{entry.Key}: {problem.Message}", problem.Hint);
            }
        }
        foreach (var missing in settings.Where(setting => setting.IsRequired && isWhole && !table.TryGet(setting.Name, out _)))
            faults.Add(faults.Positions.Find(path), $"{missing.Name} is missing in [{string.Join('.', path)}]");
        return model;
    }

    /// <summary>The fault of a key that is not taken: known elsewhere, or not known at all.</summary>
    public void RefuseKey(TomlEntry entry, string[] refused, string[] known)
    {
        if (refused.Contains(entry.Key)) faults.Add(entry.KeyPosition, $"{entry.Key} is not available in this version");
        else faults.Add(entry.KeyPosition, $"\"{entry.Key}\" is not known here", NearestName.Find(entry.Key, known) is { } near ? $"The nearest known name is {near}." : null);
    }

    /// <summary>The table of <paramref name="entry"/>, or a fault.</summary>
    public bool TryTable(TomlEntry entry, string hint, out TomlTable table)
    {
        table = (entry.Value as TomlTable)!;
        if (table is null) faults.Add(entry.Value.Position, $"{entry.Key}: expected a table, not {entry.Value.TypeName}", hint);
        return table is not null;
    }
}
