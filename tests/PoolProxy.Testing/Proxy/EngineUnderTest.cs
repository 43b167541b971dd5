using System.Text.RegularExpressions;

namespace PoolProxy.Testing.Proxy;

/// <summary>
/// The engine that proxies under test use: <c>POOLPROXY_TEST_IO_ENGINE</c> (<c>io_uring</c> or <c>epoll</c>); without it what <c>auto</c> picks.
/// </summary>
public static partial class EngineUnderTest
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "POOLPROXY_TEST_IO_ENGINE";

    private static readonly string? Engine = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;

    /// <summary>What was asked for, or <c>auto</c>.</summary>
    public static string Name => Engine ?? "auto";

    /// <summary>The text of a pool.toml or pgbouncer.ini with the engine in it, unless it names one itself.</summary>
    public static string Choose(string configuration)
    {
        if (Engine is null || configuration.Contains("io_engine", StringComparison.Ordinal))
        {
            return configuration;
        }

        var toml = TomlSection().Replace(configuration, $"$0{Environment.NewLine}io_engine = \"{Engine}\"", 1);
        return toml != configuration ? toml : IniSection().Replace(configuration, $"$0{Environment.NewLine}io_engine = {Engine}", 1);
    }

    [GeneratedRegex(@"^\[proxy\]\s*?$", RegexOptions.Multiline)]
    private static partial Regex TomlSection();

    [GeneratedRegex(@"^\[pgbouncer\]\s*?$", RegexOptions.Multiline)]
    private static partial Regex IniSection();
}
