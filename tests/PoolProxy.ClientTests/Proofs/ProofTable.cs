using System.Text;

namespace PoolProxy.ClientTests.Proofs;

/// <summary>docs/proofs.md, from what was tried. A cell that nobody tried, or that came out otherwise than expected, is a failure.</summary>
internal static class ProofTable
{
    /// <summary>The page.</summary>
    /// <param name="cells">What each driver was told with each proof.</param>
    /// <exception cref="InvalidOperationException">A cell is empty.</exception>
    public static string Render(IReadOnlyDictionary<(Proof Proof, string Driver), string> cells)
    {
        var page = new StringBuilder("""
            # Proofs and drivers

            Each way to prove who one is, with each driver. The table is made by the test `ProofTableTests`, which tries every cell against a running proxy with a right proof and with a
            wrong one, and fails where a cell is empty or says something else. *In* is a login that runs a query as the role of the proof, and whose wrong proof is refused. OAUTHBEARER is asked for by the
            server, and among these drivers only libpq 18 knows it: the others refuse by themselves, in the words that the cell quotes.


            """);
        page.Append("| proof |").AppendJoin(" |", ProofDriver.All.Select(driver => $" {driver.Name}")).Append(" |\n|---|").Insert(page.Length, "---|", ProofDriver.All.Count).Append('\n');
        foreach (Proof proof in Proof.All)
        {
            page.Append($"| {proof.Name} |");
            foreach (ProofDriver driver in ProofDriver.All)
            {
                page.Append($" {CellOf(cells, proof, driver)} |");
            }

            page.Append('\n');
        }

        page.Append("""

            ## Commands

            `proof.py`, `proof.js` and `Proof.java` are in `tests/PoolProxy.ClientTests/Scripts`. `$TOKEN` is a JWT, `$BOUND_TOKEN` one whose `cnf` names `reader.crt`, `$OPAQUE_TOKEN` one that only its issuer
            can read, `$ASSERTION` a SAML assertion in base64, `$ACCESS_TOKEN` what access on demand gave for a token; the last two let in once each. libpq 18 is called through `PQconnectdb`, since its package brings no psql.

            """);
        foreach (ProofDriver driver in ProofDriver.All)
        {
            page.Append($"\n### {driver.Name}\n\n");
            foreach (Proof proof in Proof.All)
            {
                page.Append($"- {proof.Name}: `{ProofCommand.Of(driver.Name, proof)}`\n");
            }
        }

        return page.ToString();
    }

    private static string CellOf(IReadOnlyDictionary<(Proof Proof, string Driver), string> cells, Proof proof, ProofDriver driver) =>
        cells.TryGetValue((proof, driver.Name), out string? said) && said.Length > 0 ? said : throw new InvalidOperationException($"{driver.Name} was not tried with: {proof.Name}");
}
