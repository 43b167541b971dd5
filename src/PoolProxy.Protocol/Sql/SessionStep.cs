namespace PoolProxy.Protocol.Sql;

/// <summary>One step of a text, in the order in which it runs. A text gives few of them, and only texts that are looked at for them.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Tag">How PostgreSQL confirms it; <see cref="CommandTagKind.Other"/> where the tag does not tell it from others.</param>
/// <param name="Name">What it names, folded as PostgreSQL folds it; empty where it names nothing, or the name could not be read.</param>
/// <param name="Value">For SET, the value as PostgreSQL would show it, but for its spelling; null where it could not be read.</param>
public readonly record struct SessionStep(SessionStepKind Kind, CommandTagKind Tag, string Name = "", byte[]? Value = null);
