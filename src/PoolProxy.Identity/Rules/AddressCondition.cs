using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary><c>from = […]</c>: the client's address is in one of the ranges, or it came by the Unix socket where the list says so.</summary>
public sealed record AddressCondition : CircumstanceCondition
{
    /// <summary>The word for the Unix socket.</summary>
    public const string Unix = "unix";

    private readonly AddressRange[] _ranges;
    private readonly string[] _texts;
    private readonly bool _takesUnix;

    /// <summary>At least one text.</summary>
    /// <param name="texts">Ranges, addresses, or <see cref="Unix"/>.</param>
    /// <exception cref="ArgumentException">A text is none of these.</exception>
    public AddressCondition(IReadOnlyList<string> texts)
    {
        _texts = [.. texts];
        _takesUnix = texts.Contains(Unix);
        _ranges = [.. texts.Where(text => text != Unix).Select(text =>
            AddressRange.TryParse(text, out AddressRange? range) ? range : throw new ArgumentException($"\"{text}\" is no address range"))];
    }

    /// <inheritdoc/>
    public override bool Holds(ClaimSet claims, in Circumstances circumstances)
    {
        if (circumstances.Address is not { } address)
        {
            return _takesUnix;
        }

        foreach (AddressRange range in _ranges)
        {
            if (range.Holds(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"from = [{string.Join(", ", _texts.Select(text => $"\"{text}\""))}]";
}
