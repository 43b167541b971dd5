namespace PoolProxy.Core.Http;

/// <summary>Which endpoint answers what. Immutable.</summary>
internal sealed class HttpRoutes(IReadOnlyList<IHttpEndpoint> endpoints)
{
    private const string Wildcard = "/*";

    /// <summary>The endpoint of a path and method. False with the methods that the path has: none where nothing is there.</summary>
    public bool TryFind(string method, string path, out IHttpEndpoint? endpoint, out string rest, out IReadOnlyList<string> methods)
    {
        List<string>? others = null;
        foreach (var candidate in endpoints)
        {
            if (!IsAt(candidate.Path, path, out rest))
            {
                continue;
            }

            if (candidate.Method == method)
            {
                endpoint = candidate;
                methods = [];
                return true;
            }

            (others ??= []).Add(candidate.Method);
        }

        endpoint = null;
        rest = "";
        methods = others ?? [];
        return false;
    }

    private static bool IsAt(string route, string path, out string rest)
    {
        rest = "";
        if (!route.EndsWith(Wildcard, StringComparison.Ordinal))
        {
            return route == path;
        }

        var stem = route.Length - 1;
        if (path.Length <= stem || !path.AsSpan(0, stem).SequenceEqual(route.AsSpan(0, stem)) || path.AsSpan(stem).Contains('/'))
        {
            return false;
        }

        rest = path[stem..];
        return true;
    }
}
