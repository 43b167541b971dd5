namespace PoolProxy.Testing.Loops;

/// <summary>Tests of io_uring itself: not there where the system forbids it (the run says so at its beginning).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsUringAttribute : Attribute;
