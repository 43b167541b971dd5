using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Countries;

namespace PoolProxy.Identity.Rules;

/// <summary><c>country = […]</c>: the client's address is in one of these countries. An address that the database does not know is in none, and so is a Unix socket.</summary>
public sealed record CountryCondition : CircumstanceCondition
{
    private readonly CountryCode[] _countries;
    private readonly CountryDatabase _database;

    /// <summary>At least one country.</summary>
    /// <param name="countries">Codes of ISO 3166-1, two capital letters each.</param>
    /// <param name="database">Where addresses are looked up.</param>
    /// <exception cref="ArgumentException">A text is no code.</exception>
    public CountryCondition(IReadOnlyList<string> countries, CountryDatabase database)
    {
        _countries = [.. countries.Select(text => CountryCode.TryParse(text, out CountryCode code) ? code : throw new ArgumentException($"\"{text}\" is no country code"))];
        _database = database;
    }

    /// <inheritdoc/>
    public override bool Holds(ClaimSet claims, in Circumstances circumstances) =>
        circumstances.Address is { } address && _database.Find(address) is { Letters: not 0 } country && Array.IndexOf(_countries, country) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"country = [{string.Join(", ", _countries.Select(country => $"\"{country}\""))}]";
}
