using System.Text;
using BenchmarkDotNet.Attributes;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Microbench;

/// <summary>What the names of a Parse and a Bind cost before they are rewritten: the catalogue, the client's names, the server's copies, the scanner.</summary>
[MemoryDiagnoser]
public class StatementBenchmarks
{
    private const int Known = 200;
    private static readonly object Scope = new();
    private static readonly object Folded = new();

    private readonly StatementCatalogue _catalogue = Parts.Catalogue();
    private readonly ServerStatements _server = new();
    private readonly byte[] _name = "statement_17"u8.ToArray();
    private ClientStatements _client = null!;
    private byte[][] _definitions = [];
    private int[] _textLengths = [];
    private Statement _statement = null!;

    /// <summary>A driver's two hundred statements, prepared by one client on one server.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _client = new ClientStatements(_catalogue, new IdentityStatements());
        _definitions = new byte[Known][];
        _textLengths = new int[Known];
        for (int number = 0; number < Known; number++)
        {
            byte[] text = Encoding.UTF8.GetBytes($"select a.id, a.name, b.total from accounts a join balances b on b.account = a.id where a.id = $1 and b.kind = {number}");
            _textLengths[number] = text.Length;
            // The text, its terminator, and no types.
            _definitions[number] = [.. text, 0, 0, 0];
            Statement statement = Acquire(number);
            _client.Define(Encoding.UTF8.GetBytes($"statement_{number}"), statement);
            _client.Settle();
            _server.Add(statement, Folded, schema: 0);
            _server.Parsed(statement.Id);
        }
        _client.TryFind(_name, out _statement);
    }

    /// <summary>Parse of a text that somebody has prepared before, and the Close of it.</summary>
    [Benchmark]
    public void ParseOfKnownText()
    {
        Statement statement = Acquire(17);
        _catalogue.Release(statement);
    }

    /// <summary>Bind: the client's name, and whether the server has a copy.</summary>
    [Benchmark]
    public bool BindToNamed() => _client.TryFind(_name, out Statement statement) && _server.Touch(statement, Folded) == CopyUse.Usable;

    /// <summary>A text seen for the first time is scanned once: what may it do?</summary>
    [Benchmark]
    public StatementTraits ScanOfText()
    {
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(_statement.Definition[.._textLengths[17]]);
        return scanner.Finish();
    }

    private Statement Acquire(int number) => _catalogue.Acquire(Scope, Folded, _definitions[number], _textLengths[number], standardConformingStrings: true);
}
