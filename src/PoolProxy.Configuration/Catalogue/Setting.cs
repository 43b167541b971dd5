using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>
/// One key of a section: its name, how it is read into the model and printed from it. The reader, SHOW CONFIG, RELOAD and the test of
/// conf/pool.toml all go by these. Defaults are not repeated here: they are the model's own.
/// </summary>
/// <typeparam name="TModel">The section's record.</typeparam>
public sealed class Setting<TModel>
    where TModel : class
{
    private readonly Func<TModel, string?> _print;
    private readonly Func<TModel, string?> _write;
    private readonly Func<TModel, TModel, bool> _areEqual;
    private readonly Func<TModel, TomlValue, (TModel, SettingProblem?)> _read;
    private readonly Func<TModel, TModel, TModel> _copy;

    /// <summary>The key, in lower case.</summary>
    public string Name { get; }

    /// <summary>Whether RELOAD and SET may change it; if not, it holds until the process ends.</summary>
    public bool IsChangeable { get; private init; } = true;

    /// <summary>Whether the section is at fault without it.</summary>
    public bool IsRequired { get; private init; }

    private Setting(
        string name, Func<TModel, string?> print, Func<TModel, string?> write, Func<TModel, TModel, bool> areEqual, Func<TModel, TomlValue, (TModel, SettingProblem?)> read, Func<TModel, TModel, TModel> copy)
    {
        Name = name;
        _print = print;
        _write = write;
        _areEqual = areEqual;
        _read = read;
        _copy = copy;
    }

    /// <summary>The value as SHOW CONFIG prints it; null where it is not set. Secrets print hidden.</summary>
    public string? Print(TModel model) => _print(model);

    /// <summary>The value as a pool.toml has it, secrets included; null where it is not set.</summary>
    public string? Write(TModel model) => _write(model);

    /// <summary>Whether two models hold the same value, secrets included.</summary>
    public bool IsSame(TModel one, TModel other) => _areEqual(one, other);

    /// <summary><paramref name="target"/> with the value of <paramref name="source"/>.</summary>
    public TModel Copy(TModel source, TModel target) => _copy(source, target);

    /// <summary>
    /// Takes a value from the console's <c>SET key = text</c>: words, and numbers without quotes. The result has been checked against the
    /// setting's own bounds only; the validator looks at it among the others.
    /// </summary>
    public bool TrySet(TModel model, string text, out TModel changed, out SettingProblem? problem)
    {
        (changed, problem) = _read(model, new TomlString(text, SourcePosition.Start));
        if (problem is null) return true;
        if (TomlReader.Read("v = " + text).Root.TryGet("v", out var bare) && bare.Value is TomlInteger or TomlFloat or TomlBoolean)
            (changed, problem) = _read(model, bare.Value);
        return problem is null;
    }

    /// <summary>Reads a value of a file; the model is unchanged when there is a problem.</summary>
    internal TModel Read(TModel model, TomlValue source, out SettingProblem? problem)
    {
        (model, problem) = _read(model, source);
        return model;
    }

    /// <summary>A setting that always has a value.</summary>
    internal static Setting<TModel> Of<T>(string name, SettingKind<T> kind, Func<TModel, T> get, Func<TModel, T, TModel> set, bool isRequired = false, bool needsRestart = false) => new(
        name,
        model => kind.Print(get(model)),
        model => kind.Write(get(model)),
        (one, other) => kind.AreEqual(get(one), get(other)),
        (model, source) => kind.Read(source, out var value) is { } problem ? (model, problem) : (set(model, value), null),
        (source, target) => set(target, get(source)))
    {
        IsRequired = isRequired,
        IsChangeable = !needsRestart,
    };

    /// <summary>A setting that may be unset, of a value type.</summary>
    internal static Setting<TModel> Optional<T>(string name, SettingKind<T> kind, Func<TModel, T?> get, Func<TModel, T?, TModel> set)
        where T : struct => new(
        name,
        model => get(model) is { } value ? kind.Print(value) : null,
        model => get(model) is { } value ? kind.Write(value) : null,
        (one, other) => get(one) is { } a && get(other) is { } b ? kind.AreEqual(a, b) : get(one) is null && get(other) is null,
        (model, source) => kind.Read(source, out var value) is { } problem ? (model, problem) : (set(model, value), null),
        (source, target) => set(target, get(source)));

    /// <summary>A setting that may be unset, of a reference type.</summary>
    internal static Setting<TModel> Optional<T>(string name, SettingKind<T> kind, Func<TModel, T?> get, Func<TModel, T?, TModel> set, bool needsRestart = false)
        where T : class => new(
        name,
        model => get(model) is { } value ? kind.Print(value) : null,
        model => get(model) is { } value ? kind.Write(value) : null,
        (one, other) => get(one) is { } a && get(other) is { } b ? kind.AreEqual(a, b) : get(one) is null && get(other) is null,
        (model, source) => kind.Read(source, out var value) is { } problem ? (model, problem) : (set(model, value), null),
        (source, target) => set(target, get(source)))
    {
        IsChangeable = !needsRestart,
    };
}
