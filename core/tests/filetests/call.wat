;; Calls within the module store nothing; those that may leave it tell the store who calls.
;;! x86_64 clif faults
;;! aarch64 clif checks
;;! aarch64 machine faults

(module
  (import "" "f" (func $import (param i32) (result i32)))
  (type $t (func (param i32) (result i32)))
  (table 4 4 funcref)
  (func $direct (param i32) (result i32)
    (call $direct (call $direct (local.get 0))))
  (func $imported (param i32) (result i32)
    (call $import (i32.eqz (local.get 0))))
  (func $indirect (param i32 i32) (result i32)
    (call_indirect (type $t) (local.get 0) (local.get 1)))
  (func $many (result i32 i64 f32 f64 i32 i32 i32 i32 i32 i32)
    (call $many)))
;;= x86_64 clif faults
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:1 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;; @0040                               v2 = call fn0(v0, v1)
;; @0042                               v3 = call fn0(v0, v2)
;; @0044                               return v3
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 0 "store"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0
;; @0049                               v2 = iconst.i32 0
;; @0049                               v3 = icmp eq v1, v2  ; v2 = 0
;; @004a                               v4 = load.i64 notrap aligned readonly can_move v0+48
;; @004a                               v5 = load.i64 notrap aligned readonly can_move v0+56
;; @004a                               store notrap aligned region0 v0, v6+16
;; @004a                               v7 = uextend.i32 v3
;; @004a                               v8 = call_indirect sig0, v4(v5, v7)
;; @004c                               return v8
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i32 tail {
;;     region0 = 536870913 "table"
;;     region1 = 0 "store"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v18 = load.i64 notrap aligned readonly can_move v0
;; @0053                               v4 = iconst.i32 4
;; @0053                               v5 = icmp uge v2, v4  ; v4 = 4
;; @0053                               v6 = uextend.i64 v2
;; @0053                               v7 = iconst.i64 3
;; @0053                               v8 = ishl v6, v7  ; v7 = 3
;; @0053                               v9 = iadd v3, v8
;; @0053                               v10 = iconst.i64 0
;; @0053                               v11 = select_spectre_guard v5, v10, v9  ; v10 = 0
;; @0053                               v12 = load.i64 user4 aligned region0 v11
;; @0053                               v13 = load.i32 user5 aligned v12+16
;; @0053                               v14 = load.i32 notrap aligned readonly can_move v0+72
;; @0053                               v15 = icmp eq v13, v14
;; @0053                               trapz v15, user6
;; @0053                               v16 = load.i64 notrap aligned v12
;; @0053                               v17 = load.i64 notrap aligned v12+8
;; @0053                               store notrap aligned region1 v0, v18+16
;; @0053                               v19 = call_indirect sig0, v16(v17, v1)
;; @0056                               return v19
;; }
;; function u0:4(i64 vmctx) -> i32, i64, f32, f64, i32, i32, i32, i32, i32, i32 tail {
;;     sig0 = (i64 vmctx) -> i32, i64, f32, f64, i32, i32, i32, i32, i32, i32 tail
;;     fn0 = colocated u0:4 sig0
;;
;;                                 block0(v0: i64):
;; @0059                               v1, v2, v3, v4, v5, v6, v7, v8, v9, v10 = call fn0(v0)
;; @005b                               return v1, v2, v3, v4, v5, v6, v7, v8, v9, v10
;; }
;;= aarch64 clif checks
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:1 sig0
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @0040                               v2 = call fn0(v0, v1)
;; @0042                               v3 = call fn0(v0, v2)
;; @0044                               return v3
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 0 "store"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0
;; @0049                               v2 = iconst.i32 0
;; @0049                               v3 = icmp eq v1, v2  ; v2 = 0
;; @004a                               v4 = load.i64 notrap aligned readonly can_move v0+48
;; @004a                               v5 = load.i64 notrap aligned readonly can_move v0+56
;; @004a                               store notrap aligned region0 v0, v6+16
;; @004a                               v7 = uextend.i32 v3
;; @004a                               v8 = call_indirect sig0, v4(v5, v7)
;; @004c                               return v8
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i32 tail {
;;     region0 = 536870913 "table"
;;     region1 = 0 "store"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v18 = load.i64 notrap aligned readonly can_move v0
;; @0053                               v4 = iconst.i32 4
;; @0053                               v5 = icmp uge v2, v4  ; v4 = 4
;; @0053                               trapnz v5, user4
;; @0053                               v6 = uextend.i64 v2
;; @0053                               v7 = iconst.i64 3
;; @0053                               v8 = ishl v6, v7  ; v7 = 3
;; @0053                               v9 = iadd v3, v8
;; @0053                               v10 = iconst.i64 0
;; @0053                               v11 = select_spectre_guard v5, v10, v9  ; v10 = 0
;; @0053                               v12 = load.i64 notrap aligned region0 v11
;; @0053                               trapz v12, user5
;; @0053                               v13 = load.i32 notrap aligned v12+16
;; @0053                               v14 = load.i32 notrap aligned readonly can_move v0+72
;; @0053                               v15 = icmp eq v13, v14
;; @0053                               trapz v15, user6
;; @0053                               v16 = load.i64 notrap aligned v12
;; @0053                               v17 = load.i64 notrap aligned v12+8
;; @0053                               store notrap aligned region1 v0, v18+16
;; @0053                               v19 = call_indirect sig0, v16(v17, v1)
;; @0056                               return v19
;; }
;; function u0:4(i64 vmctx) -> i32, i64, f32, f64, i32, i32, i32, i32, i32, i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx) -> i32, i64, f32, f64, i32, i32, i32, i32, i32, i32 tail
;;     fn0 = colocated u0:4 sig0
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;; @0059                               v1, v2, v3, v4, v5, v6, v7, v8, v9, v10 = call fn0(v0)
;; @005b                               return v1, v2, v3, v4, v5, v6, v7, v8, v9, v10
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 16 }
;;   str x19, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;; block0:
;;   mov x19, x2
;;   bl 0
;;   mov x3, x2
;;   mov x2, x19
;;   bl 0
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x8, [x2]
;;   str x2, [x8, #16]
;;   ldr x9, [x2, #48]
;;   ldr x2, [x2, #56]
;;   subs wzr, w3, #0
;;   cset x10, eq
;;   uxtb w3, w10
;;   blr x9
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz x15, #0
;;   ldr x0, [x2, #32]
;;   mov w1, w4
;;   add x0, x0, x1, LSL 3
;;   subs wzr, w4, #4
;;   csel x0, x15, x0, hs
;;   ldr x0, [x0]
;;   ldr w1, [x0, #16]
;;   ldr w4, [x2, #72]
;;   mov x5, x2
;;   subs wzr, w1, w4
;;   b.ne #trap=user6
;;   ldr x1, [x0]
;;   ldr x2, [x0, #8]
;;   mov x0, x5
;;   ldr x4, [x0]
;;   str x0, [x4, #16]
;;   blr x1
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   str x21, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p21i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;;   sub sp, sp, #16
;;   unwind StackAlloc { size: 16 }
;; block0:
;;   mov x21, x8
;;   mov x8, sp
;;   bl 0
;;   mov x8, x21
;;   str w20, [x8]
;;   str w19, [x8, #8]
;;   add sp, sp, #16
;;   ldp x19, x20, [sp], #16
;;   ldr x21, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
