namespace PoolProxy.Core.Admin.Language;

/// <summary>A statement the console has understood: what to do, and to what.</summary>
/// <param name="Command">The command.</param>
/// <param name="Argument">The database or client it is about; empty for all, or for none.</param>
internal sealed record ConsoleStatement(ConsoleCommand Command, string Argument = "");
