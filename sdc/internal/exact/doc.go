// Package exact answers questions about whole numbers that are tied by linear
// equations, without floating point and so without a doubt: what is the least and
// the greatest that an unknown can be, is there any solution at all, which one has
// the least weighted sum, and what else must move when one unknown moves. It knows
// nothing of tables.
//
// A [System] is the unknowns with their bounds, and the equations. [NewSolver] picks
// the method: integer flow (Dinic) where each unknown stands in at most two
// equations with 1 and -1, so that the system is a network; else a simplex method
// over whole numbers that grow as long as they must, with branch and bound for
// fractions ([Branching]). [Simplex] alone gives bounds over all points, whole or
// not. [LeastSum] minimises over whole numbers. [Paths] and [Mixture] are the
// [Mover] implementations: cheap ways to move one unknown, which need not be the
// cheapest.
//
// Every question has a [Meter], a budget of work, so that every run ends. The error
// is then [ErrStopped], and nothing is known; [ErrInfeasible] says for certain that
// there is no solution. The same questions in the same order give the same answers.
//
// Sources: Dinic (1970) on flow, Dantzig's simplex method for bounded unknowns with
// Bland's rule (1977) against going in circles, Edmonds (1967) on elimination in
// whole numbers, Land and Doig (1960) on branch and bound.
package exact
