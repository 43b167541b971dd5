namespace PoolProxy.Testing.Runner;

/// <summary>A class whose tests, one after the other, take minutes: it begins first, so that nobody waits for it alone at the end.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesMinutesAttribute : Attribute;
