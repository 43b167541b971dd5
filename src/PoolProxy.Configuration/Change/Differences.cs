using PoolProxy.Configuration.Catalogue;

namespace PoolProxy.Configuration.Change;

/// <summary>Compares sections by their catalogue.</summary>
internal static class Differences
{
    public static IReadOnlyList<SettingChange> Of<TModel>(TModel before, TModel after, IReadOnlyList<Setting<TModel>> settings)
        where TModel : class =>
        [.. settings.Where(setting => !setting.IsSame(before, after)).Select(setting => new SettingChange(setting.Name, setting.Print(before), setting.Print(after)))];

    public static IReadOnlyList<SectionChange> OfSections<TModel>(
        IReadOnlyDictionary<string, TModel> before, IReadOnlyDictionary<string, TModel> after, IReadOnlyList<Setting<TModel>> settings)
        where TModel : class
    {
        var changes = new List<SectionChange>();
        foreach (var (name, kind) in Names(before, after))
        {
            var changed = kind == ChangeKind.Changed ? Of(before[name], after[name], settings) : [];
            if (kind != ChangeKind.Changed || changed.Count > 0) changes.Add(new(name, kind, changed));
        }
        return changes;
    }

    /// <summary>Every name of both sides: removed ones first, then the others in the order wanted. <see cref="ChangeKind.Changed"/> says "in both".</summary>
    public static IEnumerable<(string Name, ChangeKind Kind)> Names<TModel>(IReadOnlyDictionary<string, TModel> before, IReadOnlyDictionary<string, TModel> after) =>
    [
        .. before.Keys.Where(name => !after.ContainsKey(name)).Select(name => (name, ChangeKind.Removed)),
        .. after.Keys.Select(name => (name, before.ContainsKey(name) ? ChangeKind.Changed : ChangeKind.Added)),
    ];
}
