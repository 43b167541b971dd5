namespace PoolProxy.UnitTests.Architecture.Samples.Upper;

/// <summary>What the samples below must not name.</summary>
internal class High
{
    internal static readonly int Field = Environment.ProcessId;

    internal static int Count => Field;

    internal static int Call() => 1;

    internal static T Call<T>(T value) => value;
}

internal interface IHigh;

internal struct HighValue
{
    internal int Number { get; set; }
}

internal sealed class HighException : Exception;

[AttributeUsage(AttributeTargets.All)]
internal sealed class HighAttribute : Attribute;

internal sealed class HighList<T> : List<T>
{
    internal int Extra() => Count;
}
