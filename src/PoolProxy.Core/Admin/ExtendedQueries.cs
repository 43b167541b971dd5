using System.Text;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;
using Messages = PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Admin;

/// <summary>
/// A console client's prepared statements and portals (protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY). Bounded by
/// <see cref="MaxStatements"/> each; portals end with the batch, because there are no transactions. Owned by one session.
/// </summary>
internal sealed class ExtendedQueries
{
    /// <summary>Statements, and portals, that one client may hold (54000 beyond).</summary>
    public const int MaxStatements = 256;

    private readonly Dictionary<string, ConsoleStatement?> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsolePortal> _portals = new(StringComparer.Ordinal);

    /// <summary>Parse, Bind, Describe and Close: false for any other message, and for one that is malformed.</summary>
    public bool TryHandle(byte type, ReadOnlySpan<byte> body, MessageWriter output, out ProxyError? error)
    {
        error = null;
        switch (type)
        {
            case FrontendType.Parse when Messages.Parse.TryRead(body, out var parse):
                error = Parse(parse);
                if (error is null)
                {
                    ParseComplete.Write(output);
                }

                return true;
            case FrontendType.Bind when Messages.Bind.TryRead(body, out var bind):
                error = Bind(bind);
                if (error is null)
                {
                    BindComplete.Write(output);
                }

                return true;
            case FrontendType.Describe when Messages.Describe.TryRead(body, out var describe):
                error = Describe(describe, output);
                return true;
            case FrontendType.Close when Messages.Close.TryRead(body, out var close):
                Close(close);
                CloseComplete.Write(output);
                return true;
            default:
                return false;
        }
    }

    /// <summary>34000 where there is none.</summary>
    public bool TryFindPortal(ReadOnlySpan<byte> name, out ConsolePortal portal, out ProxyError? error)
    {
        var text = Encoding.UTF8.GetString(name);
        error = _portals.TryGetValue(text, out portal!) ? null : ConsoleErrors.UnknownPortal(text);
        return error is null;
    }

    /// <summary>The end of a batch.</summary>
    public void ClosePortals() => _portals.Clear();

    /// <summary>A simple Query ends the unnamed statement and portal.</summary>
    public void CloseUnnamed()
    {
        _statements.Remove("");
        _portals.Remove("");
    }

    /// <summary>DEALLOCATE and DISCARD: all statements for "", one by its name, none for null.</summary>
    public void Forget(string? name)
    {
        if (name is "")
        {
            _statements.Clear();
        }
        else if (name is not null)
        {
            _statements.Remove(name);
        }
    }

    /// <summary>Prepares; an error leaves everything as it was.</summary>
    private ProxyError? Parse(Parse message)
    {
        var name = Encoding.UTF8.GetString(message.StatementName);
        if (name.Length > 0 && _statements.ContainsKey(name))
        {
            return ProxyErrors.DuplicateStatement(name);
        }

        if (_statements.Count >= MaxStatements && !_statements.ContainsKey(name))
        {
            return ProxyErrors.TooManyStatements(MaxStatements);
        }

        if (message.ParameterTypes.Length > 0)
        {
            return ConsoleErrors.ConsoleCannot("parameters");
        }

        if (Parser.TryParse(message.QueryText, out var statements) is { } error)
        {
            return error;
        }

        if (statements.Count > 1)
        {
            return ConsoleErrors.SeveralCommandsPrepared;
        }

        _statements[name] = statements.FirstOrDefault();
        return null;
    }

    /// <summary>Makes a portal.</summary>
    private ProxyError? Bind(Bind message)
    {
        if (!TryFindStatement(message.StatementName, out var statement, out var error))
        {
            return error;
        }

        if (!ResultFormats.TryRead(message.Rest, out var parameterCount, out var formats))
        {
            return ProxyErrors.MalformedMessage("invalid message format");
        }

        if (parameterCount > 0)
        {
            return ConsoleErrors.ConsoleCannot("parameters");
        }

        if (!formats.Fits(statement?.Command.Columns.Count ?? 0))
        {
            return ProxyErrors.MalformedMessage("bind message has other result formats than the query has columns");
        }

        var name = Encoding.UTF8.GetString(message.PortalName);
        if (name.Length > 0 && _portals.ContainsKey(name))
        {
            return ConsoleErrors.DuplicatePortal(name);
        }

        if (_portals.Count >= MaxStatements && !_portals.ContainsKey(name))
        {
            return ProxyErrors.TooManyStatements(MaxStatements);
        }

        _portals[name] = new ConsolePortal(statement, formats);
        return null;
    }

    /// <summary>ParameterDescription and RowDescription of a statement, RowDescription of a portal; NoData where there are no rows.</summary>
    private ProxyError? Describe(Describe message, MessageWriter output)
    {
        ProxyError? error;
        if (message.Kind == StatementOrPortal.Portal)
        {
            if (TryFindPortal(message.Name, out var portal, out error))
            {
                portal.WriteDescription(output);
            }
        }
        else if (TryFindStatement(message.Name, out var statement, out error))
        {
            ParameterDescription.Write(output);
            ResultWriter.WriteDescription(output, statement?.Command.Columns ?? [], default);
        }

        return error;
    }

    /// <summary>Closes; what is not there is closed already.</summary>
    private void Close(Close message)
    {
        var name = Encoding.UTF8.GetString(message.Name);
        if (message.Kind == StatementOrPortal.Portal)
        {
            _portals.Remove(name);
        }
        else
        {
            _statements.Remove(name);
        }
    }

    private bool TryFindStatement(ReadOnlySpan<byte> name, out ConsoleStatement? statement, out ProxyError? error)
    {
        var text = Encoding.UTF8.GetString(name);
        error = _statements.TryGetValue(text, out statement) ? null : text.Length == 0 ? ProxyErrors.UnknownUnnamedStatement : ProxyErrors.UnknownStatement(text);
        return error is null;
    }
}
