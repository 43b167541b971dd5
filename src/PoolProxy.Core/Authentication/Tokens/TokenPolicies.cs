using System.Diagnostics.CodeAnalysis;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Introspection;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Core.Authentication.Saml;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Countries;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Saml;
using PoolProxy.Identity.Tokens;
using ClaimCondition = PoolProxy.Identity.Rules.ClaimCondition;
using ClaimMatch = PoolProxy.Configuration.Model.ClaimMatch;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>
/// The configuration's issuers and rules in the terms of PoolProxy.Identity, which does not know the configuration. Immutable; compiled before
/// anything running is touched, so that a bad reload changes nothing.
/// </summary>
internal sealed class TokenPolicies
{
    private TokenPolicies(IReadOnlyList<(IssuerPolicy, KeySourceSettings, IntrospectionSettings?)> issuers, IReadOnlyList<SamlPolicy> saml, RuleBook rules)
    {
        Issuers = issuers;
        Saml = saml;
        Rules = rules;
    }

    /// <summary>The issuers, each with where its keys come from, and how it is asked about opaque tokens.</summary>
    public IReadOnlyList<(IssuerPolicy Policy, KeySourceSettings Keys, IntrospectionSettings? Introspection)> Issuers { get; }

    /// <summary>The issuers of assertions among them.</summary>
    public IReadOnlyList<SamlPolicy> Saml { get; }

    /// <summary>The rules in the file's order.</summary>
    public RuleBook Rules { get; }

    /// <summary>Compiles; on false <paramref name="faults"/> holds every reason, each with the key that has to change.</summary>
    public static bool TryCompile(ProxyConfiguration configuration, [NotNullWhen(true)] out TokenPolicies? policies, out IReadOnlyList<PolicyFault> faults)
    {
        List<PolicyFault> found = [];
        var issuers = configuration.Issuers.Values.Select(settings => (ToPolicy(settings, found), KeySourceSettings.From(settings), IntrospectionSettings.TryRead(settings, found))).ToList();
        foreach (var same in configuration.Issuers.Values.GroupBy(settings => settings.Issuer).Where(group => group.Count() > 1))
        {
            found.Add(new($"the sections {string.Join(", ", same.Select(settings => $"[issuers.{settings.Name}]"))} name the same issuer: a token could not say which it means", "issuers", same.Last().Name, "issuer"));
        }

        var saml = configuration.Issuers.Values.Zip(issuers, (settings, issuer) => SamlPolicies.TryRead(settings, issuer.Item1, found)).OfType<SamlPolicy>().ToList();
        var countries = RuleCompiler.CountriesOf(configuration, found);
        var rules = configuration.Rules.Select(settings => ToRule(settings, countries, found)).ToList();
        faults = found;
        policies = found.Count == 0 ? new TokenPolicies(issuers, saml, new RuleBook(rules)) : null;
        return policies is not null;
    }

    private static IssuerPolicy ToPolicy(IssuerSettings settings, List<PolicyFault> faults)
    {
        foreach (string algorithm in settings.Algorithms.Where(name => SignatureAlgorithm.Find(name) is null))
        {
            faults.Add(new($"the algorithm \"{algorithm}\" cannot be checked", "issuers", settings.Name, "algorithms"));
        }

        return new IssuerPolicy
        {
            Name = settings.Name,
            Issuer = settings.Issuer,
            Audiences = settings.Audience,
            Algorithms = settings.Algorithms,
            RequiredTypes = settings.RequiredType,
            ClockSkew = settings.ClockSkew,
            MaxLifetime = settings.MaxTokenLifetime,
            ExpiryGrace = settings.TokenExpiryGrace,
            MaxTokenBytes = settings.MaxTokenBytes,
            RequiresBinding = settings.RequireBoundTokens,
            ExposedClaims = settings.ExposeClaims,
            NameClaims = settings.NameClaim,
            LimitsClaim = settings.LimitsClaim is { } claim ? ClaimPath.FromDotted(claim) : null,
        };
    }

    private static Rule ToRule(RuleSettings settings, CountryDatabase? countries, List<PolicyFault> faults)
    {
        foreach (string role in settings.Role.Where(role => !RoleName.IsAllowed(role)))
        {
            faults.Add(PolicyFault.OfRule(settings, $"\"{role}\" cannot be a role's name", "role"));
        }

        List<ClaimCondition> conditions = [];
        foreach (var when in settings.When)
        {
            try
            {
                conditions.Add(ToCondition(when));
            }
            catch (ArgumentException exception)
            {
                faults.Add(PolicyFault.OfRule(settings, $"the condition on \"{string.Join('.', when.Claim)}\" cannot be used: {exception.Message.TrimEnd('.')}", "when"));
            }
        }

        return new Rule
        {
            Number = settings.Number,
            Issuer = settings.Issuer,
            Conditions = conditions,
            Circumstances = RuleCompiler.CircumstancesOf(settings, countries, faults),
            Route = settings.Route,
            SearchPath = settings.SearchPath,
            Limits = RuleCompiler.LimitsOf(settings),
            Roles = settings.Role,
            Databases = settings.Database,
            Console = settings.Console switch
            {
                ConsoleAccess.Admin => ConsoleRight.Admin,
                ConsoleAccess.Stats => ConsoleRight.Stats,
                _ => ConsoleRight.None,
            },
        };
    }

    /// <summary>A condition of a rule or policy.</summary>
    /// <exception cref="ArgumentException">It cannot be used.</exception>
    internal static ClaimCondition ToCondition(Configuration.Model.ClaimCondition condition)
    {
        var path = new ClaimPath(condition.Claim);
        return condition.Match switch
        {
            ClaimMatch.Regex => ClaimCondition.Matches(path, condition.Values[0].Text),
            ClaimMatch.Contains => ClaimCondition.Contains(path, condition.Values[0].Text),
            _ => ClaimCondition.OneOf(path, [.. condition.Values.Select(ToConstant)]),
        };
    }

    private static ClaimConstant ToConstant(ClaimValue value) => value.Kind switch
    {
        ClaimValueKind.Integer when long.TryParse(value.Text, out long integer) => ClaimConstant.Of(integer),
        ClaimValueKind.Integer => throw new ArgumentException($"{value.Text} is too large a number."),
        ClaimValueKind.Boolean => ClaimConstant.Of(value.Text == "true"),
        _ => ClaimConstant.Of(value.Text),
    };
}
