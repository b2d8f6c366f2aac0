;;! x86_64 clif fuel
;;! x86_64 machine fuel
;;! aarch64 machine fuel
;;! x86_64 clif turns
;;! x86_64 machine epochs
;;! aarch64 machine epochs
(module
  (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $loop (param i32) (result i32) (local i32)
    (loop $l
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func $paths (param i32) (result i32)
    (block $out
      (if (local.get 0)
        (then (local.set 0 (i32.mul (local.get 0) (i32.const 3))))
        (else (local.set 0 (i32.const 7))))
      (br_if $out (i32.eq (local.get 0) (i32.const 9)))
      (local.set 0 (call $leaf (local.get 0)))
      (br_if $out (i32.eq (local.get 0) (i32.const 11)))
      (local.set 0 (i32.const 5)))
    (local.get 0)))
;;= x86_64 clif fuel
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @001a                               v2 = get_pinned_reg.i64
;; @001a                               v3 = iconst.i64 1
;; @001a                               v4 = icmp sle v2, v3  ; v3 = 1
;; @001a                               trapnz v4, user12
;; @001d                               v5 = iconst.i32 1
;; @001f                               v6 = iadd v1, v5  ; v5 = 1
;; @0020                               v7 = iconst.i64 -4
;; @0020                               v8 = iadd v2, v7  ; v7 = -4
;; @0020                               set_pinned_reg v8
;; @0020                               return v6
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @0022                               v2 = iconst.i32 0
;; @0022                               v3 = get_pinned_reg.i64
;; @0022                               v4 = iconst.i64 1
;; @0022                               v5 = icmp sle v3, v4  ; v4 = 1
;; @0022                               trapnz v5, user12
;; @0025                               jump block1(v3, v2, v1)  ; v2 = 0
;;
;;                                 block1(v6: i64, v9: i32, v10: i32):
;; @0025                               v7 = iconst.i64 1
;; @0025                               v8 = icmp sle v6, v7  ; v7 = 1
;; @0025                               trapnz v8, user12
;; @002b                               v11 = iadd v9, v10
;; @0030                               v12 = iconst.i32 1
;; @0032                               v13 = isub v10, v12  ; v12 = 1
;; @0035                               v14 = iconst.i64 -9
;; @0035                               v15 = iadd v6, v14  ; v14 = -9
;; @0035                               set_pinned_reg v15
;; @0035                               brif v13, block1(v15, v11, v13), block2
;;
;;                                 block2:
;; @003a                               v16 = iconst.i64 -2
;; @003a                               v17 = iadd.i64 v15, v16  ; v16 = -2
;; @003a                               set_pinned_reg v17
;; @003a                               return v11
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;; @003c                               v2 = get_pinned_reg.i64
;; @003c                               v3 = iconst.i64 1
;; @003c                               v4 = icmp sle v2, v3  ; v3 = 1
;; @003c                               trapnz v4, user12
;; @0041                               brif v1, block1, block3
;;
;;                                 block1:
;; @0045                               v5 = iconst.i32 3
;; @0047                               v6 = imul.i32 v1, v5  ; v5 = 3
;; @004a                               jump block2(v6, v2)
;;
;;                                 block3:
;; @004b                               v7 = iconst.i32 7
;; @004f                               v8 = iconst.i64 2
;; @004f                               v9 = iadd.i64 v2, v8  ; v8 = 2
;; @004f                               set_pinned_reg v9
;; @004f                               jump block2(v7, v9)  ; v7 = 7
;;
;;                                 block2(v10: i32, v13: i64):
;; @0052                               v11 = iconst.i32 9
;; @0054                               v12 = icmp eq v10, v11  ; v11 = 9
;; @0055                               brif v12, block4(v10, v13), block5
;;
;;                                 block5:
;; @0059                               v14 = iconst.i64 -13
;; @0059                               v15 = iadd.i64 v13, v14  ; v14 = -13
;; @0059                               set_pinned_reg v15
;; @0059                               v16 = call fn0(v0, v10)
;; @0059                               v17 = get_pinned_reg.i64
;; @005f                               v18 = iconst.i32 11
;; @0061                               v19 = icmp eq v16, v18  ; v18 = 11
;; @0062                               brif v19, block7, block6
;;
;;                                 block7:
;; @0062                               v20 = iconst.i64 6
;; @0062                               v21 = iadd.i64 v17, v20  ; v20 = 6
;; @0062                               set_pinned_reg v21
;; @0062                               jump block4(v16, v21)
;;
;;                                 block6:
;; @0064                               v22 = iconst.i32 5
;; @0068                               v23 = iconst.i64 4
;; @0068                               v24 = iadd.i64 v17, v23  ; v23 = 4
;; @0068                               set_pinned_reg v24
;; @0068                               jump block4(v22, v24)  ; v22 = 5
;;
;;                                 block4(v25: i32, v26: i64):
;; @006b                               v27 = iconst.i64 -12
;; @006b                               v28 = iadd v26, v27  ; v27 = -12
;; @006b                               set_pinned_reg v28
;; @006b                               return v25
;; }
;;= x86_64 machine fuel
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %r15, %rdi
;;   cmpq $0x1, %rdi
;;   jle #trap=user12
;;   leaq -4(%rdi), %rdi
;;   movq    %rdi, %r15
;;   leal 1(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %r15, %rdx
;;   cmpq $0x1, %rdx
;;   jle #trap=user12
;;   uninit  %rax
;;   xorl %eax, %eax
;;   jmp     label1
;; block1:
;;   cmpq $0x1, %rdx
;;   jle #trap=user12
;;   leaq -9(%rdx), %rcx
;;   movq    %rcx, %r15
;;   movq %rsi, %rdi
;;   subl $0x1, %edi
;;   leal (%rax, %rsi), %eax
;;   testl %edi, %edi
;;   jnz     label2; j label3
;; block2:
;;   movq %rcx, %rdx
;;   movq %rdi, %rsi
;;   jmp     label1
;; block3:
;;   leaq -0xb(%rdx), %rcx
;;   movq    %rcx, %r15
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq    %r15, %r8
;;   cmpq $0x1, %r8
;;   jle #trap=user12
;;   testl %esi, %esi
;;   jnz     label2; j label1
;; block1:
;;   leaq 2(%r8), %r8
;;   movq    %r8, %r15
;;   movl $0x7, %esi
;;   jmp     label3
;; block2:
;;   imull $0x3, %esi, %esi
;;   jmp     label3
;; block3:
;;   cmpl $0x9, %esi
;;   jz      label4; j label5
;; block4:
;;   movq %rsi, %rax
;;   jmp     label8
;; block5:
;;   leaq -0xd(%r8), %rax
;;   movq    %rax, %r15
;;   call    User(userextname0)
;;   movq    %r15, %rcx
;;   cmpl $0xb, %eax
;;   jz      label7; j label6
;; block6:
;;   leaq 4(%rcx), %r8
;;   movq    %r8, %r15
;;   movl $0x5, %eax
;;   jmp     label8
;; block7:
;;   leaq 6(%rcx), %r8
;;   movq    %r8, %r15
;;   jmp     label8
;; block8:
;;   leaq -0xc(%r8), %rcx
;;   movq    %rcx, %r15
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;= aarch64 machine fuel
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x4, x21
;;   subs xzr, x4, #1
;;   b.le #trap=user12
;;   sub x6, x4, #4
;;   mov x21, x6
;;   add w2, w3, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x11, x3
;;   mov x3, x21
;;   subs xzr, x3, #1
;;   b.le #trap=user12
;;   movz w2, #0
;;   b label1
;; block1:
;;   subs xzr, x3, #1
;;   b.le #trap=user12
;;   sub x15, x3, #9
;;   mov x21, x15
;;   mov x1, x11
;;   sub w0, w1, #1
;;   add w2, w2, w1
;;   cbnz w0, label2 ; b label3
;; block2:
;;   mov x3, x15
;;   mov x11, x0
;;   b label1
;; block3:
;;   sub x0, x3, #11
;;   mov x21, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x6, x21
;;   subs xzr, x6, #1
;;   b.le #trap=user12
;;   cbnz w3, label2 ; b label1
;; block1:
;;   add x6, x6, #2
;;   mov x21, x6
;;   movz w3, #7
;;   b label3
;; block2:
;;   movz w0, #3
;;   madd w3, w3, w0, wzr
;;   b label3
;; block3:
;;   subs wzr, w3, #9
;;   b.eq label4 ; b label5
;; block4:
;;   mov x2, x3
;;   b label8
;; block5:
;;   sub x0, x6, #13
;;   mov x21, x0
;;   bl 0
;;   mov x0, x21
;;   subs wzr, w2, #11
;;   b.eq label7 ; b label6
;; block6:
;;   add x6, x0, #4
;;   mov x21, x6
;;   movz w2, #5
;;   b label8
;; block7:
;;   add x6, x0, #6
;;   mov x21, x6
;;   b label8
;; block8:
;;   sub x0, x6, #12
;;   mov x21, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;= x86_64 clif turns
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;     region1 = 8 "clock"
;;     sig0 = (i64) preserve_all
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v16 -> v1
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @001a                               v2 = get_pinned_reg.i64
;; @001a                               v3 = iconst.i64 1
;; @001a                               v4 = icmp sle v2, v3  ; v3 = 1
;; @001a                               v6 = iconst.i64 96
;; @001a                               v7 = iadd v5, v6  ; v6 = 96
;; @001a                               brif v4, block1, block2(v2)
;;
;;                                 block1 cold:
;; @001a                               v8 = iconst.i64 -1
;; @001a                               v9 = iadd.i64 v2, v8  ; v8 = -1
;; @001a                               set_pinned_reg v9
;; @001a                               v10 = get_pinned_reg.i64
;; @001a                               store notrap aligned region0 v10, v5+72
;; @001a                               v11 = iconst.i64 -9223372036854775808
;; @001a                               set_pinned_reg v11  ; v11 = -9223372036854775808
;; @001a                               v12 = load.i64 notrap aligned region1 v7+8
;; @001a                               call_indirect sig0, v12(v7)
;; @001a                               v13 = load.i64 notrap aligned region0 v5+72
;; @001a                               v14 = iconst.i64 1
;; @001a                               v15 = iadd v13, v14  ; v14 = 1
;; @001a                               set_pinned_reg v15
;; @001a                               jump block2(v15)
;;
;;                                 block2(v19: i64):
;; @001d                               v17 = iconst.i32 1
;; @001f                               v18 = iadd.i32 v1, v17  ; v17 = 1
;; @0020                               v20 = iconst.i64 -4
;; @0020                               v21 = iadd v19, v20  ; v20 = -4
;; @0020                               set_pinned_reg v21
;; @0020                               return v18
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;     region1 = 8 "clock"
;;     sig0 = (i64) preserve_all
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v42 -> v1
;;                                     v6 = load.i64 notrap aligned readonly can_move v0
;; @0022                               v2 = iconst.i32 0
;;                                     v41 -> v2
;; @0022                               v3 = get_pinned_reg.i64
;; @0022                               v4 = iconst.i64 1
;; @0022                               v5 = icmp sle v3, v4  ; v4 = 1
;; @0022                               v7 = iconst.i64 96
;; @0022                               v8 = iadd v6, v7  ; v7 = 96
;; @0022                               brif v5, block1, block2(v3)
;;
;;                                 block1 cold:
;; @0022                               v9 = iconst.i64 -1
;; @0022                               v10 = iadd.i64 v3, v9  ; v9 = -1
;; @0022                               set_pinned_reg v10
;; @0022                               v11 = get_pinned_reg.i64
;; @0022                               store notrap aligned region0 v11, v6+72
;; @0022                               v12 = iconst.i64 -9223372036854775808
;; @0022                               set_pinned_reg v12  ; v12 = -9223372036854775808
;; @0022                               v13 = load.i64 notrap aligned region1 v8+8
;; @0022                               call_indirect sig0, v13(v8)
;; @0022                               v14 = load.i64 notrap aligned region0 v6+72
;; @0022                               v15 = iconst.i64 1
;; @0022                               v16 = iadd v14, v15  ; v15 = 1
;; @0022                               set_pinned_reg v16
;; @0022                               jump block2(v16)
;;
;;                                 block2(v40: i64):
;; @0025                               jump block3(v40, v2, v1)  ; v2 = 0
;;
;;                                 block3(v17: i64, v31: i32, v33: i32):
;;                                     v30 -> v31
;;                                     v32 -> v33
;; @0025                               v18 = iconst.i64 1
;; @0025                               v19 = icmp sle v17, v18  ; v18 = 1
;; @0025                               v20 = iconst.i64 96
;; @0025                               v21 = iadd.i64 v6, v20  ; v20 = 96
;; @0025                               brif v19, block4, block5(v17)
;;
;;                                 block4 cold:
;; @0025                               v22 = iconst.i64 -1
;; @0025                               v23 = iadd.i64 v17, v22  ; v22 = -1
;; @0025                               set_pinned_reg v23
;; @0025                               v24 = get_pinned_reg.i64
;; @0025                               store notrap aligned region0 v24, v6+72
;; @0025                               v25 = iconst.i64 -9223372036854775808
;; @0025                               set_pinned_reg v25  ; v25 = -9223372036854775808
;; @0025                               v26 = load.i64 notrap aligned region1 v21+8
;; @0025                               call_indirect sig0, v26(v21)
;; @0025                               v27 = load.i64 notrap aligned region0 v6+72
;; @0025                               v28 = iconst.i64 1
;; @0025                               v29 = iadd v27, v28  ; v28 = 1
;; @0025                               set_pinned_reg v29
;; @0025                               jump block5(v29)
;;
;;                                 block5(v37: i64):
;; @002b                               v34 = iadd.i32 v31, v33
;; @0030                               v35 = iconst.i32 1
;; @0032                               v36 = isub.i32 v32, v35  ; v35 = 1
;; @0035                               v38 = iconst.i64 -9
;; @0035                               v39 = iadd v37, v38  ; v38 = -9
;; @0035                               set_pinned_reg v39
;; @0035                               brif v36, block3(v39, v34, v36), block6
;;
;;                                 block6:
;; @003a                               v43 = iconst.i64 -2
;; @003a                               v44 = iadd.i64 v39, v43  ; v43 = -2
;; @003a                               set_pinned_reg v44
;; @003a                               return v34
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 7 "fuel"
;;     region1 = 8 "clock"
;;     sig0 = (i64) preserve_all
;;     sig1 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:0 sig1
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v16 -> v1
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;; @003c                               v2 = get_pinned_reg.i64
;; @003c                               v3 = iconst.i64 1
;; @003c                               v4 = icmp sle v2, v3  ; v3 = 1
;; @003c                               v6 = iconst.i64 96
;; @003c                               v7 = iadd v5, v6  ; v6 = 96
;; @003c                               brif v4, block1, block2(v2)
;;
;;                                 block1 cold:
;; @003c                               v8 = iconst.i64 -1
;; @003c                               v9 = iadd.i64 v2, v8  ; v8 = -1
;; @003c                               set_pinned_reg v9
;; @003c                               v10 = get_pinned_reg.i64
;; @003c                               store notrap aligned region0 v10, v5+72
;; @003c                               v11 = iconst.i64 -9223372036854775808
;; @003c                               set_pinned_reg v11  ; v11 = -9223372036854775808
;; @003c                               v12 = load.i64 notrap aligned region1 v7+8
;; @003c                               call_indirect sig0, v12(v7)
;; @003c                               v13 = load.i64 notrap aligned region0 v5+72
;; @003c                               v14 = iconst.i64 1
;; @003c                               v15 = iadd v13, v14  ; v14 = 1
;; @003c                               set_pinned_reg v15
;; @003c                               jump block2(v15)
;;
;;                                 block2(v20: i64):
;; @0041                               brif.i32 v1, block3, block5
;;
;;                                 block3:
;; @0045                               v17 = iconst.i32 3
;; @0047                               v18 = imul.i32 v16, v17  ; v17 = 3
;; @004a                               jump block4(v18, v20)
;;
;;                                 block5:
;; @004b                               v19 = iconst.i32 7
;; @004f                               v21 = iconst.i64 2
;; @004f                               v22 = iadd.i64 v20, v21  ; v21 = 2
;; @004f                               set_pinned_reg v22
;; @004f                               jump block4(v19, v22)  ; v19 = 7
;;
;;                                 block4(v23: i32, v26: i64):
;; @0052                               v24 = iconst.i32 9
;; @0054                               v25 = icmp eq v23, v24  ; v24 = 9
;; @0055                               brif v25, block6(v23, v26), block7
;;
;;                                 block7:
;; @0059                               v27 = iconst.i64 -13
;; @0059                               v28 = iadd.i64 v26, v27  ; v27 = -13
;; @0059                               set_pinned_reg v28
;; @0059                               v29 = call fn0(v0, v23)
;; @0059                               v30 = get_pinned_reg.i64
;; @005f                               v31 = iconst.i32 11
;; @0061                               v32 = icmp eq v29, v31  ; v31 = 11
;; @0062                               brif v32, block9, block8
;;
;;                                 block9:
;; @0062                               v33 = iconst.i64 6
;; @0062                               v34 = iadd.i64 v30, v33  ; v33 = 6
;; @0062                               set_pinned_reg v34
;; @0062                               jump block6(v29, v34)
;;
;;                                 block8:
;; @0064                               v35 = iconst.i32 5
;; @0068                               v36 = iconst.i64 4
;; @0068                               v37 = iadd.i64 v30, v36  ; v36 = 4
;; @0068                               set_pinned_reg v37
;; @0068                               jump block6(v35, v37)  ; v35 = 5
;;
;;                                 block6(v38: i32, v39: i64):
;; @006b                               v40 = iconst.i64 -12
;; @006b                               v41 = iadd v39, v40  ; v40 = -12
;; @006b                               set_pinned_reg v41
;; @006b                               return v38
;; }
;;= x86_64 machine epochs
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %rdi
;;   movq (%rdi), %r8
;;   testq %r8, %r8
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   leal 1(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %r9
;;   call    *%r9
;;   jmp     label3
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %rdi
;;   movq (%rdi), %rax
;;   testq %rax, %rax
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   uninit  %rax
;;   xorl %eax, %eax
;;   jmp     label4
;; block4:
;;   movq (%rdi), %rcx
;;   testq %rcx, %rcx
;;   jnz     label6; j label5
;; block5:
;;   jmp     label7
;; block7:
;;   movq %rsi, %rcx
;;   subl $0x1, %ecx
;;   leal (%rax, %rsi), %eax
;;   testl %ecx, %ecx
;;   jnz     label8; j label9
;; block8:
;;   movq %rcx, %rsi
;;   jmp     label4
;; block9:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %rax
;;   call    *%rax
;;   jmp     label3
;; block6:
;;   movq 8(%rdi), %rcx
;;   call    *%rcx
;;   jmp     label7
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq 0x18(%rdi), %r11
;;   movq %rdi, %rcx
;;   movq %r11, %rdi
;;   movq (%rdi), %r11
;;   testq %r11, %r11
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block3:
;;   testl %esi, %esi
;;   jnz     label5; j label4
;; block4:
;;   movl $0x7, %esi
;;   jmp     label6
;; block5:
;;   imull $0x3, %esi, %esi
;;   jmp     label6
;; block6:
;;   cmpl $0x9, %esi
;;   jz      label7; j label8
;; block7:
;;   movq %rsi, %rax
;;   jmp     label11
;; block8:
;;   movq %rcx, %rdi
;;   call    User(userextname0)
;;   cmpl $0xb, %eax
;;   jz      label9; j label10
;; block9:
;;   jmp     label11
;; block10:
;;   movl $0x5, %eax
;;   jmp     label11
;; block11:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movq 8(%rdi), %rax
;;   call    *%rax
;;   jmp     label3
;;= aarch64 machine epochs
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x6, [x0]
;;   cbnz x6, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   add w2, w3, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x8, [x0, #8]
;;   blr x8
;;   b label3
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x12, [x0]
;;   cbnz x12, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   movz w2, #0
;;   b label4
;; block4:
;;   ldr x1, [x0]
;;   cbnz x1, label6 ; b label5
;; block5:
;;   b label7
;; block7:
;;   sub w1, w3, #1
;;   add w2, w2, w3
;;   cbnz w1, label8 ; b label9
;; block8:
;;   mov x3, x1
;;   b label4
;; block9:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x14, [x0, #8]
;;   blr x14
;;   b label3
;; block6:
;;   ldr x1, [x0, #8]
;;   blr x1
;;   b label7
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2, #24]
;;   ldr x12, [x0]
;;   cbnz x12, label2 ; b label1
;; block1:
;;   b label3
;; block3:
;;   cbnz w3, label5 ; b label4
;; block4:
;;   movz w3, #7
;;   b label6
;; block5:
;;   movz w0, #3
;;   madd w3, w3, w0, wzr
;;   b label6
;; block6:
;;   subs wzr, w3, #9
;;   b.eq label7 ; b label8
;; block7:
;;   mov x2, x3
;;   b label11
;; block8:
;;   bl 0
;;   subs wzr, w2, #11
;;   b.eq label9 ; b label10
;; block9:
;;   b label11
;; block10:
;;   movz w2, #5
;;   b label11
;; block11:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x14, [x0, #8]
;;   blr x14
;;   b label3
