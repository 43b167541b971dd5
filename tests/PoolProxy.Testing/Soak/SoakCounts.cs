using System.Collections.Concurrent;
using System.Globalization;

namespace PoolProxy.Testing.Soak;

/// <summary>What has happened in a soak. Any thread.</summary>
public sealed class SoakCounts
{
    private const int ExamplesKept = 20;

    private readonly ConcurrentDictionary<string, long> _events = new();
    private readonly ConcurrentDictionary<string, long> _errors = new();
    private readonly ConcurrentQueue<string> _examples = new();
    private long _statements;
    private long _violations;

    /// <summary>Statements that were answered, by success or by an error.</summary>
    public long Statements => Interlocked.Read(ref _statements);

    /// <summary>Rows, answers and marks that were not who asked's.</summary>
    public long Violations => Interlocked.Read(ref _violations);

    /// <summary>The first violations, in words.</summary>
    public IReadOnlyCollection<string> Examples => _examples;

    /// <summary>How often each kind of thing was done or happened.</summary>
    public IReadOnlyDictionary<string, long> Events => _events;

    /// <summary>A statement was answered.</summary>
    public void Statement() => Interlocked.Increment(ref _statements);

    /// <summary>Something was not who asked's.</summary>
    public void Violation(string what)
    {
        if (Interlocked.Increment(ref _violations) <= ExamplesKept)
        {
            _examples.Enqueue(what);
        }
    }

    /// <summary>Something was done or happened.</summary>
    public void Event(string what) => _events.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>A statement or login failed.</summary>
    public void Error(string sqlState) => _errors.AddOrUpdate(sqlState, 1, static (_, count) => count + 1);

    /// <summary>All of it, a line each.</summary>
    public string Report(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"""
        statements  {Statements:N0} in {elapsed.TotalSeconds:N0} s, {Statements / elapsed.TotalSeconds:N0} a second
        events      {string.Join(", ", _events.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")))}
        errors      {string.Join(", ", _errors.OrderByDescending(pair => pair.Value).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")))}
        VIOLATIONS  {Violations:N0}{string.Concat(Examples.Select(example => "\n            " + example))}
        """);
}
