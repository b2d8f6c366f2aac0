;; A memory of one size has a constant length and base, and may be out of reach altogether.
;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (import "" "" (memory 2 2))
  (func $load (param i32) (result i32)
    (i32.load (local.get 0)))
  (func $never (param i32) (result i32)
    (i32.load offset=131070 (local.get 0)))
  (func $size (result i32) (memory.size)))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @002a                               v4 = uextend.i64 v1
;; @002a                               v5 = iadd v3, v4
;; @002a                               v6 = load.i32 little region0 v5
;; @002d                               return v6
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @0032                               trap heap_oob
;; }
;; function u0:2(i64 vmctx) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;
;;                                 block0(v0: i64):
;;                                     v1 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v2 = load.i64 notrap aligned readonly can_move v1
;; @003a                               v3 = iconst.i64 0x0002_0000
;; @003a                               v4 = iconst.i64 16
;; @003a                               v5 = ushr v3, v4  ; v3 = 0x0002_0000, v4 = 16
;; @003a                               v6 = ireduce.i32 v5
;; @003c                               return v6
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @002a                               v4 = uextend.i64 v1
;; @002a                               v5 = iconst.i64 0x0002_0000
;; @002a                               v6 = iconst.i64 4
;; @002a                               v7 = isub v5, v6  ; v5 = 0x0002_0000, v6 = 4
;; @002a                               v8 = icmp ult v7, v4
;; @002a                               trapnz v8, heap_oob
;; @002a                               v9 = iadd v3, v4
;; @002a                               v10 = iconst.i64 0
;; @002a                               v11 = select_spectre_guard v8, v10, v9  ; v10 = 0
;; @002a                               v12 = load.i32 notrap little region0 v11
;; @002d                               return v12
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @0032                               trap heap_oob
;; }
;; function u0:2(i64 vmctx) -> i32 tail {
;;     region0 = 268435456 "imported memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;;                                     v1 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v2 = load.i64 notrap aligned readonly can_move v1
;; @003a                               v3 = iconst.i64 0x0002_0000
;; @003a                               v4 = iconst.i64 16
;; @003a                               v5 = ushr v3, v4  ; v3 = 0x0002_0000, v4 = 16
;; @003a                               v6 = ireduce.i32 v5
;; @003c                               return v6
;; }
