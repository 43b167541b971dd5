using System.Collections.Concurrent;
using PoolProxy.Testing;

namespace PoolProxy.ClientTests.Proofs;

/// <summary>Every proof with every driver; docs/proofs.md is what came out, and of what they proved themselves with nothing is left anywhere.</summary>
public sealed class ProofTableTests
{
    private const string Page = "docs/proofs.md";

    [Fact]
    public async Task Every_driver_comes_in_with_every_proof_that_it_can_give_and_the_page_says_so()
    {
        await using ProofStage stage = await ProofStage.OpenAsync();
        var cells = new ConcurrentDictionary<(Proof, string), string>();
        var faults = new ConcurrentQueue<string>();
        IEnumerable<(Proof, ProofDriver)> all = Proof.All.SelectMany(proof => ProofDriver.All.Select(driver => (proof, driver)));
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (cell, _) =>
        {
            (Proof proof, ProofDriver driver) = cell;
            string said = await driver.TryAsync(await stage.TargetAsync(proof, isRight: true));
            if (proof == Proof.OAuth && driver.WithoutOAuth is { } words)
            {
                cells[(proof, driver.Name)] = $"refuses: \"{words}\"";
                Expect(said.Contains(words, StringComparison.Ordinal), cell, said);
                return;
            }

            cells[(proof, driver.Name)] = "in";
            Expect(said == $"in as {stage.Role}", cell, said);
            string wrong = await driver.TryAsync(await stage.TargetAsync(proof, isRight: false));
            Expect(wrong.Contains($"password authentication failed for user \"{stage.Role}\"", StringComparison.Ordinal), cell, wrong);
        });
        Assert.True(faults.IsEmpty, string.Join('\n', faults));
        string everything = await stage.EverythingSaidAsync();
        Assert.Contains("\"outcome\":\"accepted\"", everything, StringComparison.Ordinal);
        Assert.Contains("SignatureInvalid", everything, StringComparison.Ordinal);
        Assert.All(stage.Secrets, secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
        string page = ProofTable.Render(cells);
        if (Environment.GetEnvironmentVariable("POOLPROXY_PROOFS") == "write")
        {
            await File.WriteAllTextAsync(RepositoryFiles.PathOf(Page), page);
        }

        Assert.Equal(page, RepositoryFiles.Read(Page));

        void Expect(bool isTrue, (Proof Proof, ProofDriver Driver) cell, string said)
        {
            if (!isTrue)
            {
                faults.Enqueue($"{cell.Driver.Name}, {cell.Proof.Name}: {said}");
            }
        }
    }
}
