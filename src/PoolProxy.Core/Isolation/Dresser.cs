using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;
using PoolProxy.Protocol.Conversation;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Dresses one loop's servers of a pool for clients (isolation.md §3). What is needed is decided by comparing references:
/// 1. another identity was last here: message 1 (DISCARD ALL) and message 2 (role, claims, parameters);
/// 2. the same identity, but something has touched settings since: message 2;
/// 3. the same identity, intact, with the same parameters: nothing.
/// Under <c>isolation = "none"</c> only parameters that differ are set. The prelude goes into the list ahead of the client's bytes, so
/// that both leave in one write.
/// </summary>
internal sealed class Dresser
{
    /// <summary>How long a prelude may take before the server is given up.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>Preludes remembered; the table starts anew when full.</summary>
    private const int CacheCapacity = 4096;

    /// <summary>Whose a server is that must be wiped before anyone has it.</summary>
    private static readonly object Nobody = new();

    private readonly ParameterRegistry _registry;
    private readonly ILogger _log;
    private readonly PreludeWriter _writer = new();
    private readonly Dictionary<(object Identity, ParameterSet Parameters, PreludeWipe Wipe, ParameterSet? Stripped), Prelude> _preludes = [];
    private readonly TriedParameters _tried;
    private readonly RoleScopes _allScopes;
    private readonly Dictionary<string, object> _scopes = new(StringComparer.Ordinal);

    public Dresser(IsolationLevel level, bool resetsBetweenClients, string poolName, RouteShare share, ParameterRegistry registry, ILogger log)
    {
        Level = level;
        ResetsBetweenClients = resetsBetweenClients;
        PoolName = poolName;
        _tried = share.Tried;
        _allScopes = share.Scopes;
        _registry = registry;
        _log = log;
    }

    public IsolationLevel Level { get; }

    /// <summary><c>reset = "client"</c>: every change of client counts as a change of identity. A RELOAD may change it.</summary>
    public bool ResetsBetweenClients { get; set; }

    /// <summary><c>statement_sharing = "trusted"</c>: another identity finds the prepared statements of the one before. A RELOAD may change it.</summary>
    public bool KeepsStatements { get; set; }

    /// <summary>Signs the identity, where <c>identity_key</c> is set. A RELOAD may change it.</summary>
    public IdentitySigner? Signer { get; set; }

    public string PoolName { get; }

    /// <summary>Preludes sent with and without DISCARD ALL, and those that were not confirmed.</summary>
    public long FullPreludes { get; private set; }

    public long ShortPreludes { get; private set; }

    public long Alarms { get; private set; }

    /// <summary>Whether a server that is outside of a transaction and serves its client has to be dressed anew for what it wants now.</summary>
    public bool IsDue(ServerConnection server, ParameterSet wanted) => Level == IsolationLevel.None
        ? !server.Parameters.SameAs(wanted)
        : !server.IsDressIntact || !ReferenceEquals(server.WornParameters, wanted) || IsSignatureDue(server);

    /// <summary>What keeps the statements of one role apart from another's in the catalogue.</summary>
    public object ScopeOf(ClientIdentity identity)
    {
        if (Level == IsolationLevel.None)
        {
            return _allScopes.Everybody;
        }

        if (!_scopes.TryGetValue(identity.Role, out var scope))
        {
            _scopes.Add(identity.Role, scope = _allScopes.Of(identity.Role));
        }

        return scope;
    }

    /// <summary>The wardrobe of a server that has just come from its login.</summary>
    public DressedServer Furnish(ServerConnection server) => new(this, server);

    /// <summary>
    /// Whether a server, as it is, suits a client without anything being said to it first. <paramref name="wearer"/> is the client itself, for
    /// <c>reset = "client"</c>.
    /// </summary>
    public bool Suits(ServerConnection server, ClientIdentity identity, object wearer, ParameterSet wanted) => Level == IsolationLevel.None
        ? server.Parameters.SameAs(wanted)
        : ReferenceEquals(server.DressedFor, ResetsBetweenClients ? wearer : identity) && server.IsDressIntact
            && ReferenceEquals(server.WornParameters, wanted) && ReferenceEquals(server.Parameters, server.ConfirmedParameters)
            && !IsSignatureDue(server);

    /// <summary>The signed identity has run out: a transaction that began since has run as nobody.</summary>
    public static bool IsSignatureOver(ServerConnection server) =>
        server.Wardrobe is DressedServer dressed && dressed.SignatureEndMilliseconds <= server.Loop.NowMilliseconds;

    /// <summary>
    /// Dresses an idle server for a client; what it takes is put at the head of <paramref name="output"/> (which holds nothing yet) and
    /// its answers are entered in the server's books. <paramref name="wearer"/> is the client itself, for <c>reset = "client"</c>.
    /// <paramref name="form"/> is used unless the server has to be wiped first, which leaves nothing to spare.
    /// </summary>
    public void Dress(DressedServer dressed, ClientIdentity identity, object wearer, ParameterSet wanted, PreludeForm form, SegmentList output)
    {
        if (Level == IsolationLevel.None)
        {
            DressParameters(dressed, wanted, form, output);
            return;
        }

        var server = dressed.Server;
        object worn = ResetsBetweenClients ? wearer : identity;
        var isSame = ReferenceEquals(server.DressedFor, worn);
        dressed.Open(identity, wanted);
        if (Suits(server, identity, wearer, wanted))
        {
            return;
        }

        var wipe = server.DressedFor is null || isSame ? PreludeWipe.None : KeepsStatements ? PreludeWipe.AllButStatements : PreludeWipe.All;
        if (wipe != PreludeWipe.None)
        {
            FullPreludes++;
            ForgetStatements(server, wipe);
            form = PreludeForm.Query;
        }
        else
        {
            ShortPreludes++;
        }

        server.DressedFor = worn;
        var isTried = _tried.Contains(wanted);
        var stripped = wipe == PreludeWipe.None && HasMore(server, wanted) ? server.Parameters : null;
        var prelude = isTried && form == PreludeForm.Query
            ? Cached(identity, wanted, wipe, stripped)
            : _writer.ForIdentity(identity, wanted, stripped, _registry.Names, wipe, tryParametersApart: !isTried, form);
        Put(dressed, prelude, !isTried, Sign(dressed, identity, form), output);
    }

    /// <summary>
    /// Whoever takes the server next, the same identity too, finds it wiped by the prelude. False where there is none that wipes everything: such a server is
    /// to be closed.
    /// </summary>
    public bool TryWipeNext(ServerConnection server)
    {
        if (Level == IsolationLevel.None || KeepsStatements)
        {
            return false;
        }

        server.DressedFor = Nobody;
        server.IsDressIntact = false;
        return true;
    }

    /// <summary>Called at the confirmation: from here the dress counts as intact.</summary>
    internal void Confirmed(DressedServer dressed, bool parametersTaken)
    {
        var server = dressed.Server;
        server.IsDressIntact = parametersTaken;
        if (!parametersTaken)
        {
            server.WornParameters = null;
            return;
        }

        _tried.Add(dressed.Wanted);
        dressed.Wanted = Settle(server, dressed.Wanted);
        _tried.Add(dressed.Wanted);
        server.WornParameters = dressed.Wanted;
        server.ConfirmedParameters = server.Parameters;
    }

    /// <summary>
    /// The server spells values its own way (<c>utc</c> becomes <c>UTC</c>): what it reports is the client's from here on, or the same
    /// difference would be set again each time. What it does not report is noted as set. application_name stays the client's own.
    /// </summary>
    private ParameterSet Settle(ServerConnection server, ParameterSet wanted)
    {
        for (var i = 0; i < _registry.Names.Count; i++)
        {
            var name = _registry.Names[i];
            if (!server.Reports(i))
            {
                server.Parameters = _registry.With(server.Parameters, name, wanted[i]);
            }
            else if (!name.IsApplicationName && server.Parameters[i] is { } reported)
            {
                wanted = _registry.With(wanted, name, reported.AsSpan());
            }
        }

        return wanted;
    }

    internal void Alarm(DressedServer dressed, string what)
    {
        if (dressed.Wanted is { } wanted)
        {
            // What has failed is tried apart from here on: if it was a parameter, that client's next try ends it alone.
            _tried.Remove(wanted);
        }

        Alarms++;
        _log.PreludeFailed(PoolName, dressed.Server.Facts.ProcessId, dressed.Identity?.Role ?? "", what);
    }

    private void DressParameters(DressedServer dressed, ParameterSet wanted, PreludeForm form, SegmentList output)
    {
        var server = dressed.Server;
        dressed.Open(identity: null, wanted);
        if (server.Parameters.SameAs(wanted))
        {
            return;
        }

        ShortPreludes++;
        var isTried = _tried.Contains(wanted);
        var prelude = _writer.ForParameters(server.Parameters, wanted, server.Facts.Parameters, _registry.Names, mayFail: !isTried, form);
        if (prelude.SetCounts.Length > 0)
        {
            Put(dressed, prelude, !isTried, isSigned: false, output);
        }
    }

    private static void ForgetStatements(ServerConnection server, PreludeWipe wipe)
    {
        if (wipe == PreludeWipe.AllButStatements)
        {
            server.Statements.SettingsReset();
        }
        else
        {
            server.Statements.Clear();
        }
    }

    /// <summary>
    /// Somebody else of the same identity has left a parameter there that nobody reports and that this client did not ask for: it is reset.
    /// </summary>
    private bool HasMore(ServerConnection server, ParameterSet wanted)
    {
        for (var i = 0; i < _registry.Names.Count; i++)
        {
            if (server.Parameters[i] is not null && wanted[i] is null && !server.Reports(i))
            {
                return true;
            }
        }

        return false;
    }

    private Prelude Cached(ClientIdentity identity, ParameterSet wanted, PreludeWipe wipe, ParameterSet? stripped)
    {
        if (!_preludes.TryGetValue((identity, wanted, wipe, stripped), out var prelude))
        {
            if (_preludes.Count >= CacheCapacity)
            {
                _preludes.Clear();
            }

            prelude = _writer.ForIdentity(identity, wanted, stripped, _registry.Names, wipe, tryParametersApart: false, PreludeForm.Query);
            _preludes.Add((identity, wanted, wipe, stripped), prelude);
        }

        return prelude;
    }

    /// <summary>Half of the signature's life is over. False where nothing was signed.</summary>
    private static bool IsSignatureDue(ServerConnection server) =>
        server.Wardrobe is DressedServer dressed && dressed.SignatureDueMilliseconds <= server.Loop.NowMilliseconds;

    /// <summary>
    /// Writes the signed identity, where one is wanted. A server that was opened without (before a RELOAD that added the key) is not told
    /// when it began, so nothing can be signed for it: SQL then sees nobody, until it is replaced.
    /// </summary>
    private bool Sign(DressedServer dressed, ClientIdentity identity, PreludeForm form)
    {
        var server = dressed.Server;
        dressed.SignatureDueMilliseconds = long.MaxValue;
        dressed.SignatureEndMilliseconds = long.MaxValue;
        if (Signer is not { } signer || server.Facts.Session is not { } session)
        {
            return false;
        }

        var now = server.Loop.NowMilliseconds;
        dressed.Signed.Write(
            signer.Sign(identity, server.Target, session, server.Facts.ProcessId, now), form == PreludeForm.Named ? PreludeWriter.StatementName : default);
        dressed.SignatureDueMilliseconds = signer.DueMilliseconds(now);
        dressed.SignatureEndMilliseconds = now + signer.Lifetime.InMilliseconds();
        return true;
    }

    private static void Put(DressedServer dressed, Prelude prelude, bool triesParameters, bool isSigned, SegmentList output)
    {
        var server = dressed.Server;
        server.IsDressIntact = false;

        if (prelude.Form == PreludeForm.Query)
        {
            // A simple Query, ours too, takes the unnamed statement with it.
            server.UnnamedOwner = null;
        }

        dressed.AwaitConfirmation(triesParameters);
        dressed.Exchange.Begin(prelude, isSigned);
        server.BeginExchange(dressed.Exchange, Deadline);
        for (var i = WipeStatement.Of(prelude.Wipe).Length; i > 0; i--)
        {
            Expect(server, OwedKind.Parse, OwedKind.Bind, OwedKind.Execute);
        }

        if (isSigned)
        {
            if (prelude.Form == PreludeForm.Named)
            {
                Expect(server, OwedKind.Close);
            }

            Expect(server, OwedKind.Parse, OwedKind.Bind, OwedKind.Execute);
        }

        foreach (var count in prelude.SetCounts)
        {
            if (prelude.Form == PreludeForm.Query)
            {
                Expect(server, OwedKind.Query);
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                Expect(server, OwedKind.Close, OwedKind.Parse, OwedKind.Bind, OwedKind.Execute);
            }

            Expect(server, OwedKind.Close, OwedKind.Sync);
        }

        // The signature stands behind message 1, which would wipe it, and in the transaction of the SETs, whose Query ends it.
        var head = isSigned ? prelude.WipeLengthBytes : 0;
        Borrow(prelude.Bytes.AsSpan(0, head), output);
        if (isSigned)
        {
            Borrow(dressed.Signed.Bytes, output);
        }

        Borrow(prelude.Bytes.AsSpan(head), output);
    }

    /// <summary>The arrays are pinned and referenced until the write has returned, which is as long as a borrowed segment must live.</summary>
    private static unsafe void Borrow(ReadOnlySpan<byte> bytes, SegmentList output)
    {
        fixed (byte* pointer = bytes)
        {
            output.AddBorrowed(pointer, bytes.Length);
        }
    }

    private static void Expect(ServerConnection server, params ReadOnlySpan<OwedKind> kinds)
    {
        foreach (var kind in kinds)
        {
            server.Conversation.Expect(kind, OwedOrigin.Proxy, ProxyExchange.Tag);
        }
    }
}
