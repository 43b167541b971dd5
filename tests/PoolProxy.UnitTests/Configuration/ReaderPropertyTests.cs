using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Configuration;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

public sealed class ReaderPropertyTests
{
    private static readonly string[] Lines = RepositoryFiles.Read("conf/pool.toml").Split('\n')
        .Where(line => line.StartsWith('#') && line.Length > 1 && line[1] != ' ').Select(line => line[1..]).ToArray();

    private static readonly string[] Values = ["0", "-1", "1e300", "nan", "true", "\"\"", "\"*\"", "\"none\"", "[]", "[[]]", "{}", "{ regex = \"(\" }", "1979-05-27", "\"\\u0000\"", "9223372036854775807"];

    [Fact]
    public void Any_mix_of_known_lines_and_odd_values_gives_a_model_or_faults_and_never_both()
    {
        var line = Gen.OneOf(
            Gen.Elements(Lines),
            Gen.Elements(Lines).SelectMany(known => Gen.Elements(Values), (known, value) => known.Contains('=', StringComparison.Ordinal) ? known[..(known.IndexOf('=', StringComparison.Ordinal) + 1)] + value : known));
        Prop.ForAll(line.ListOf().ToArbitrary(), lines =>
        {
            var result = ConfigurationReader.Read(string.Join('\n', lines), "pool.toml");
            return result.Configuration is null == result.Faults.Count > 0 && result.Faults.All(fault => fault.Message.Length > 0 && fault.Line <= lines.Count + 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
