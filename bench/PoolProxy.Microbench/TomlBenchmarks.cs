using BenchmarkDotNet.Attributes;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Microbench;

/// <summary>Reading the reference configuration, with every commented key switched on or off as it stands.</summary>
[MemoryDiagnoser]
public class TomlBenchmarks
{
    private string _text = "";

    /// <summary>Reads the file.</summary>
    [GlobalSetup]
    public void Setup() => _text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(typeof(TomlBenchmarks).Assembly.Location)!, "pool.toml"));

    /// <summary>The text as TOML.</summary>
    [Benchmark]
    public object Toml() => TomlReader.Read(_text);

    /// <summary>The text as a checked configuration.</summary>
    [Benchmark]
    public object Configuration() => ConfigurationReader.Read(_text, "pool.toml");
}
