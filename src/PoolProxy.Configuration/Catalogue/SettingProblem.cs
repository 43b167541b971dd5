namespace PoolProxy.Configuration.Catalogue;

/// <summary>Why a value cannot be taken.</summary>
/// <param name="Message">Lower case, no full stop; begins where "KEY: " left off.</param>
/// <param name="Hint">The bound or the allowed values; a whole sentence, or null.</param>
/// <param name="Position">Where, when it is one element of the value; null for the whole.</param>
public sealed record SettingProblem(string Message, string? Hint = null, SourcePosition? Position = null);
