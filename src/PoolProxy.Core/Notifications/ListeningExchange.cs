using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Notifications;

/// <summary>A Query of the proxy's own on a server that listens; its first error, if there is one, is told in the server's words.</summary>
internal sealed class ListeningExchange(Action<ProxyError?> done) : ProxyExchange
{
    private ProxyError? _error;

    public override void OnCommandComplete(ReadOnlySpan<byte> tag)
    {
    }

    public override void OnError(in ErrorFields fields) => _error ??= new ProxyError(
        Severity.Error, fields.Code.Length == 5 ? Encoding.ASCII.GetString(fields.Code) : SqlState.ConnectionFailure, Encoding.UTF8.GetString(fields.Message),
        "The server connection that listens for the pool's clients was told so.");

    public override void OnReady(TransactionStatus status) => done(_error);
}
