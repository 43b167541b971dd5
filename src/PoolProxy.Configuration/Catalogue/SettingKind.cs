using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>What values a setting takes: how they are read, bounded and printed. One kind serves many settings.</summary>
/// <typeparam name="T">The value in the model.</typeparam>
internal abstract class SettingKind<T>
{
    /// <summary>Reads and checks; null when <paramref name="value"/> is set.</summary>
    public abstract SettingProblem? Read(TomlValue source, out T value);

    /// <summary>The value as SHOW CONFIG prints it: PgBouncer's manner where it has the setting.</summary>
    public abstract string Print(T value);

    /// <summary>The value as a pool.toml has it.</summary>
    public virtual string Write(T value) => TomlText.Quote(Print(value));

    /// <summary>Whether two values mean the same.</summary>
    public virtual bool AreEqual(T one, T other) => EqualityComparer<T>.Default.Equals(one, other);

    /// <summary>The problem of a value of the wrong TOML type.</summary>
    protected static SettingProblem WrongType(TomlValue source, string expected, string? hint = null) =>
        new($"expected {expected}, not {source.TypeName}", hint);
}
