using System.Diagnostics;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// A server that is being, or has been, dressed for one client: the only way for a client's bytes onto a server, and only
/// <see cref="Dresser"/> makes one. Until the prelude is confirmed it lets through what was written with it, which ends with the
/// client's first Sync or Query, and nothing behind. One object a server, for its life.
/// </summary>
internal sealed class DressedServer
{
    private Dresser _dresser;
    private bool _isOpen;

    internal DressedServer(Dresser dresser, ServerConnection server)
    {
        _dresser = dresser;
        Server = server;
        Exchange = new PreludeExchange(this);
    }

    public ServerConnection Server { get; }

    internal Dresser Dresser => _dresser;

    /// <summary>The prelude, if there was one, was answered as it must be: further batches may go.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>The client's parameters have never been tried here: nothing of the client's may go before they are confirmed.</summary>
    public bool HoldsEverything { get; private set; }

    /// <summary>Whose clothes these are; null under <c>isolation = "none"</c>.</summary>
    public ClientIdentity? Identity { get; private set; }

    internal PreludeExchange Exchange { get; }

    /// <summary>The signed identity's part of the prelude.</summary>
    internal IdentityStatement Signed { get; } = new();

    /// <summary>When the identity has to be signed anew, in the loop's milliseconds; never where none was signed.</summary>
    internal long SignatureDueMilliseconds { get; set; } = long.MaxValue;

    /// <summary>When what was signed means nothing any more.</summary>
    internal long SignatureEndMilliseconds { get; set; } = long.MaxValue;

    internal bool TriesParameters { get; private set; }

    /// <summary>The client's parameters; after the confirmation as the server spells them.</summary>
    public ParameterSet Wanted { get; internal set; } = null!;

    /// <summary>
    /// Sends bytes of the client it is dressed for. The caller's side of the bargain, checked here: nothing at all while
    /// <see cref="HoldsEverything"/>, and nothing after it has let the server go.
    /// </summary>
    public void Send(SegmentList segments)
    {
        Debug.Assert(_isOpen, "a client's bytes for a server that is not dressed for it");
        if (!_isOpen)
        {
            throw new InvalidOperationException("client bytes for a server that is not dressed");
        }

        Server.SendClientBytes(segments);
    }

    /// <summary>The server has come to another loop: that loop's dresser of the pool sees to it from now on.</summary>
    internal void ChangeDresser(Dresser dresser)
    {
        Debug.Assert(!_isOpen, "a server moves undressed");
        _dresser = dresser;
    }

    /// <summary>The client lets go: nothing passes until the server is dressed again.</summary>
    public void Undress() => _isOpen = false;

    internal void Open(ClientIdentity? identity, ParameterSet wanted)
    {
        Identity = identity;
        Wanted = wanted;
        _isOpen = true;
        IsConfirmed = true;
        HoldsEverything = false;
        TriesParameters = false;
    }

    internal void AwaitConfirmation(bool triesParameters)
    {
        IsConfirmed = false;
        TriesParameters = triesParameters;
        HoldsEverything = triesParameters;
    }

    internal void Confirm(ProxyError? refused)
    {
        IsConfirmed = true;
        HoldsEverything = false;
        _dresser.Confirmed(this, refused is null);
        if (refused is null)
        {
            Server.Link?.PreludeConfirmed();
        }
        else
        {
            Server.Link?.PreludeRefused(refused);
        }
    }

    internal void Alarm(string what) => _dresser.Alarm(this, what);
}
