using System.Reflection;
using Xunit;
using Xunit.Abstractions;

namespace PoolProxy.Testing.Runner;

/// <summary>Begins with the classes that take minutes. A class is a collection of its own where it names none; the others keep xunit's order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private const string Prefix = "Test collection for ";

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => TakesMinutes(collection) ? 0 : 1);

    private static bool TakesMinutes(ITestCollection collection) =>
        collection.DisplayName.StartsWith(Prefix, StringComparison.Ordinal)
        && collection.TestAssembly.Assembly.GetType(collection.DisplayName[Prefix.Length..]) is IReflectionTypeInfo { Type: { } type }
        && type.GetCustomAttribute<TakesMinutesAttribute>() is not null;
}
