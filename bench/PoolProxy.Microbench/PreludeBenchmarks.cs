using BenchmarkDotNet.Attributes;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Isolation;

namespace PoolProxy.Microbench;

/// <summary>Writing what a server is told before another identity's bytes. It is kept for the pair that it was written for, so allocation here is once.</summary>
[MemoryDiagnoser]
public class PreludeBenchmarks
{
    private readonly PreludeWriter _writer = new();
    private readonly ParameterRegistry _registry = Parts.Parameters();
    private readonly ClientIdentity _identity = new(
        "corp", "alice", "app_read", "", """{"email":"alice@example.com","groups":["analysts","staff"],"sub":"alice"}""", "[alice]");

    private ParameterSet _one = null!;
    private ParameterSet _other = null!;

    /// <summary>Two clients' parameters, which differ in two of five.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _one = With("client_encoding", "UTF8", "DateStyle", "ISO, MDY", "TimeZone", "UTC", "application_name", "reports", "IntervalStyle", "postgres");
        _other = With("client_encoding", "UTF8", "DateStyle", "ISO, DMY", "TimeZone", "Europe/Berlin", "application_name", "reports", "IntervalStyle", "postgres");
    }

    /// <summary>Role, claims, application_name and parameters, in one Query behind DISCARD ALL.</summary>
    [Benchmark]
    public object ForIdentity() => _writer.ForIdentity(_identity, _one, stripped: null, _registry.Names, PreludeWipe.All, tryParametersApart: false, PreludeForm.Query);

    /// <summary>The same as named statements.</summary>
    [Benchmark]
    public object ForIdentityNamed() => _writer.ForIdentity(_identity, _one, stripped: null, _registry.Names, PreludeWipe.All, tryParametersApart: false, PreludeForm.Named);

    /// <summary>Without isolation: only what differs.</summary>
    [Benchmark]
    public object ForParameters() => _writer.ForParameters(_one, _other, reported: _one, _registry.Names, mayFail: false, PreludeForm.Query);

    private ParameterSet With(params string[] pairs)
    {
        ParameterSet set = _registry.Empty;
        for (int index = 0; index < pairs.Length; index += 2)
        {
            set = _registry.With(set, _registry.Names.Find(pairs[index])!, System.Text.Encoding.UTF8.GetBytes(pairs[index + 1]));
        }
        return set;
    }
}
