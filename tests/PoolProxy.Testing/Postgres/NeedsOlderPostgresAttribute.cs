namespace PoolProxy.Testing.Postgres;

/// <summary>Tests of the versions before the newest that is here: not there where only one is (the run says so at its beginning).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsOlderPostgresAttribute : Attribute;
